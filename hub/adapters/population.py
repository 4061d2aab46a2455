"""The national population database: whether name and date of birth of a card agree with its number (DOMAIN F17).

It follows the service 037 `TraCuuThongTinCongDan` as the guide to the national data exchange platform describes its
input (MaYeuCau, MaDVC, MaTichHop, MaCanBo, SoDinhDanh, HoVaTen, NgayThangNamSinh) and as public client code shows its
SOAP. How an LGSP lets a hub in differs by province; a bearer token is our guess. The database answers with far more
about a person than was asked; only what is compared is looked at, and nothing of it is kept.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from unicodedata import normalize
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from hub.adapters.peer import Peer, Unavailable
from hub.adapters.settings import PopulationConfig

_SOAP, _ASKED, _TOLD = (
    "http://schemas.xmlsoap.org/soap/envelope/", "http://dancuquocgia.bca", "http://www.mic.gov.vn/dancu/1.0",
)  # fmt: skip
_HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": "TraCuuThongTinCongDan"}


class Says(StrEnum):
    """What the database says of a card; UNKNOWN is no reproach: people are missing there, and errors happen."""

    SAME = "SAME"
    DIFFERS = "DIFFERS"
    UNKNOWN = "UNKNOWN"


class Fact(StrEnum):
    """What is compared."""

    NAME = "NAME"
    BORN = "BORN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What a card says of its holder."""

    number: str
    name: str
    born: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The answer; `differing` are the facts that do not agree."""

    says: Says
    differing: tuple[Fact, ...] = ()


class Population(Protocol):
    """Who can be asked."""

    def compare(self, person: Person, *, request: str, officer: str) -> Compared:
        """Return what the database says; raise Unavailable or Refused."""


class NdxpPopulation:
    """The database behind the LGSP at the address of the configuration."""

    def __init__(self, config: PopulationConfig) -> None:
        self._peer, self._config = Peer(config), config

    def compare(self, person: Person, *, request: str, officer: str) -> Compared:
        """Ask for the person under the request's id and the officer's login; compare what comes."""
        question = _question(
            MaYeuCau=request, MaDVC=self._config.procedure, MaTichHop=self._config.integration, MaCanBo=officer,
            SoDinhDanh=person.number, HoVaTen=person.name, NgayThangNamSinh=person.born.isoformat(),
        )  # fmt: skip
        citizen = _citizen(self._peer.post("", question, headers={**self._peer.bearer, **_HEADERS}))
        return Compared(says=Says.UNKNOWN) if citizen is None else _compared(person, citizen)


def _question(**fields: str) -> bytes:
    envelope = Element(f"{{{_SOAP}}}Envelope")
    SubElement(envelope, f"{{{_SOAP}}}Header")
    asked = SubElement(SubElement(envelope, f"{{{_SOAP}}}Body"), f"{{{_ASKED}}}TraCuuThongTinCongDan")
    for name, value in fields.items():
        field = SubElement(asked, f"{{{_ASKED}}}{name}")
        if name == "NgayThangNamSinh":
            field = SubElement(field, f"{{{_ASKED}}}NgayThangNam")
        field.text = value
    written: bytes = tostring(envelope, encoding="utf-8", xml_declaration=True)
    return written


def _citizen(content: bytes) -> Element | None:
    """Return the citizen of an answer, None where the database has none; raise Unavailable where it is no answer."""
    try:
        envelope = ElementTree.fromstring(content)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError) as fault:
        raise Unavailable(f"its answer is no XML: {fault}") from fault
    found = envelope.find(f"{{{_SOAP}}}Body/{{{_TOLD}}}CongdanCollection")
    if found is None:
        raise Unavailable("its answer has no CongdanCollection")
    citizen: Element | None = found.find(f"{{{_TOLD}}}CongDan")
    return citizen


def _compared(person: Person, citizen: Element) -> Compared:
    name = " ".join(filter(None, (_text(citizen, f"HoVaTen/{part}") for part in ("Ho", "ChuDem", "Ten"))))
    born = _text(citizen, "NgayThangNamSinh/NgayThangNam") or _text(citizen, "NgayThangNamSinh/Nam")
    number = _text(citizen, "SoDinhDanh")
    if not (number and name and born):
        raise Unavailable("its answer lacks number, name or date of birth")
    if number != person.number:
        raise Unavailable("its answer is about another person")
    agree = {
        Fact.NAME: _folded(name) == _folded(person.name),
        Fact.BORN: born.replace("-", "") in (f"{person.born:%Y%m%d}", f"{person.born:%Y}"),
    }
    differing = tuple(fact for fact, is_same in agree.items() if not is_same)
    return Compared(says=Says.DIFFERS if differing else Says.SAME, differing=differing)


def _text(citizen: Element, path: str) -> str:
    found = citizen.find("/".join(f"{{{_TOLD}}}{part}" for part in path.split("/")))
    return (found.text or "").strip() if found is not None else ""


def _folded(name: str) -> str:
    return " ".join(normalize("NFC", name).casefold().split())
