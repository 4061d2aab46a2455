"""A simulated national population database behind an LGSP (hub.adapters.population); its people are made up."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from defusedxml import ElementTree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from provisioning.onebox.agency_system import AgencySystem

_ASKED = "{http://dancuquocgia.bca}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """One of its people; `born` is a date as YYYYMMDD, or a year alone."""

    number: str
    surname: str
    middle_name: str
    name: str
    born: str


class PopulationSystem(AgencySystem):
    """`people` are those whom it knows, by number; `asked_by` the officers who asked."""

    media_type = "text/xml"
    wrong_schema = b"<a><b/></a>"

    def __init__(self, token: str) -> None:
        super().__init__(token)
        self.people: dict[str, Citizen] = {}
        self.asked_by: list[str] = []
        self.app = Starlette(routes=[Route(path, self._serve, methods=["POST"]) for path in ("/", "/037")])

    def know(self, citizen: Citizen) -> None:
        """Have a citizen in the database."""
        self.people[citizen.number] = citizen

    async def _serve(self, request: Request) -> Response:
        return await self.answer(request, self._looked_up)

    def about_another(self, body: bytes) -> bytes:
        """Answer about whoever stands first in the database."""
        asked = _field(body, "SoDinhDanh")
        return body.replace(asked.encode(), next(iter(self.people)).encode())

    def _looked_up(self, body: bytes) -> bytes:
        self.asked_by.append(_field(body, "MaCanBo"))
        found = self.people.get(_field(body, "SoDinhDanh"))
        return _ANSWER.format(citizen=_told(found) if found else "").encode()


def _field(body: bytes, name: str) -> str:
    return str(ElementTree.fromstring(body).findtext(f".//{_ASKED}{name}"))


def _told(citizen: Citizen) -> str:
    born = f"<d:NgayThangNam>{citizen.born}</d:NgayThangNam>" if len(citizen.born) == 8 else ""
    return (
        f"<d:CongDan><d:SoDinhDanh>{citizen.number}</d:SoDinhDanh><d:HoVaTen><d:Ho>{escape(citizen.surname)}</d:Ho>"
        f"<d:ChuDem>{escape(citizen.middle_name)}</d:ChuDem><d:Ten>{escape(citizen.name)}</d:Ten></d:HoVaTen>"
        f"<d:NgayThangNamSinh><d:Nam>{citizen.born[:4]}</d:Nam>{born}</d:NgayThangNamSinh>"
        "<d:TonGiao>00</d:TonGiao></d:CongDan>"
    )


_ANSWER = (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header/>'
    '<s:Body><d:CongdanCollection xmlns:d="http://www.mic.gov.vn/dancu/1.0">{citizen}</d:CongdanCollection></s:Body>'
    "</s:Envelope>"
)
