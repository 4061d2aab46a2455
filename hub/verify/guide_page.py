"""One procedure on a citizen's phone: what the kiosk's guide shows, behind the QR of its screen and its slip."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse

from contract.catalogue import Procedure
from hub.console.access import ServedHub
from hub.fleet import catalogue
from hub.verify.sheet import section, sheet

router = APIRouter()

_UNKNOWN = (
    ("Không có thủ tục này", "There is no such procedure"),
    (
        "Danh mục ở đây không có mã thủ tục đó. Hãy hỏi người ở quầy.",
        "The catalogue here has no procedure of this code. Please ask at the counter.",
    ),
)


@router.get("/tthc/{code}", response_class=HTMLResponse)
def procedure_page(hub: ServedHub, code: Annotated[str, Path(max_length=20)]) -> HTMLResponse:
    """Return the page of the procedure with this code, like `2.000815`."""
    known = catalogue.current(hub.config.data_dir)
    found, agency = known.find(code), hub.config.agency.name
    if found is None:
        return sheet("notice.html", status=404, agency=agency, words=_UNKNOWN[0], more=_UNKNOWN[1])
    facts = section(("Cần biết", "What to know"), _facts(found))
    return sheet("procedure.html", agency=agency, procedure=found, facts=facts, catalogue=known)


def _facts(found: Procedure) -> Iterator[tuple[str, str, str]]:
    yield "Phí, lệ phí", "Fee", found.fee
    yield "Bao lâu", "How long", found.time
    yield "Làm ở đâu", "Where", found.place
    yield "Ai giải quyết", "Who decides", found.decided_by
    if found.note:
        yield "Lưu ý", "Note", found.note
    yield "Tên chính thức", "Official name", found.name
    yield "Mã thủ tục", "Code", f"{found.code} (Quyết định {found.decision})"
    yield "Căn cứ pháp lý", "Legal basis", "; ".join(found.basis)
