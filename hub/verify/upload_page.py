"""The public page that takes a file: full validation of a PDF or of a photographed print, in plain words."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from contract.clock import VIETNAM, vietnam_text
from contract.ids import sha256_hex
from contract.messages import Standing
from hub.console.access import ServedHub
from hub.faults import ClockFault
from hub.register import extensions
from hub.register.extensions import Extensions, NotOurs
from hub.rooms import Hub
from hub.signing.faults import NoTimestamp, ServiceFault, SigningFault
from hub.verify import confined, trust, words
from hub.verify.judge import MAX_BYTES
from hub.verify.recorded import Recorded, paper_lines, reasons, recorded, told
from hub.verify.sheet import HEADERS, Section, Words, section, sheet
from hub.verify.uploads import ANSWERS, FORM, received
from hub.verify.values import SignatureFinding, Verdict, standing_of

router = APIRouter()

_MOST_SIGNATURES = 20
_EXTENDED_ANSWERS: dict[int | str, dict[str, Any]] = {
    **ANSWERS,
    200: {
        "description": "the copy, or a page that says it lacks nothing",
        "content": {"application/pdf": {}, "text/html": {}},
    },
    404: {"description": "NOT_OURS", "content": {"text/html": {}}},
    409: {"description": "NOT_EXTENDABLE", "content": {"text/html": {}}},
}


@router.get("/verify", response_class=HTMLResponse)
def form(hub: ServedHub) -> HTMLResponse:
    """Return the form that takes a file."""
    return sheet("upload.html", agency=hub.config.agency.name, most_mib=MAX_BYTES >> 20)


@router.post("/verify", response_class=HTMLResponse, responses=ANSWERS, openapi_extra={"requestBody": FORM})
async def check(hub: ServedHub, request: Request) -> HTMLResponse:
    """Return the verdict on the file of the form (field `file`); the file is forgotten with the answer."""
    data = await received(request)
    return await run_in_threadpool(_checked, hub, data, request.app.state.trust())


@router.post(
    "/verify/extended", response_class=Response, responses=_EXTENDED_ANSWERS, openapi_extra={"requestBody": FORM}
)
async def extend(hub: ServedHub, request: Request) -> Response:
    """Return the copy of the form with all evidence that it lacks; the file is forgotten with the answer."""
    data = await received(request)
    return await run_in_threadpool(_extended, hub, data, request.app.state.extensions)


def _extended(hub: Hub, data: bytes, appender: Extensions | None) -> Response:
    try:
        if appender is None:
            raise NoTimestamp("This hub appends nothing")
        copy = appender.extended(data, "holder")
    except NotOurs:
        return _told(hub, words.NOT_OURS, 404)
    except (ServiceFault, ClockFault):
        return _told(hub, words.EXTENDED_LATER, 503)
    except SigningFault:
        return _told(hub, words.NOT_EXTENDABLE, 409)
    if not copy.is_new:
        day = f"{copy.protected_until.astimezone(VIETNAM):%d/%m/%Y}"
        heading, (vi, en) = words.COMPLETE
        return _told(hub, (heading, (vi.format(day=day), en.format(day=day))), 200)
    name = f'attachment; filename="ban-sao-{copy.copy_id[-8:]}.pdf"'
    headers = {**HEADERS, "Content-Disposition": name}
    return Response(copy.content, media_type="application/pdf", headers=headers)


def _told(hub: Hub, said: tuple[Words, Words], status: int) -> HTMLResponse:
    heading, more = said
    return sheet("notice.html", status=status, agency=hub.config.agency.name, words=heading, more=more)


def _checked(hub: Hub, data: bytes, statement: bytes) -> HTMLResponse:
    verdict = confined.judged(data, statement)
    believed = verdict.seal if not verdict.reasons else None
    found = recorded(hub, believed) if believed else None
    why = dict.fromkeys((*verdict.reasons, *(reasons(found) if believed else ())))
    standing = standing_of(why)
    given_out = found is not None and _is_given_out(hub, found, data)
    return sheet(
        "result.html",
        agency=hub.config.agency.name,
        standing=standing,
        headline=words.HEADLINES[standing],
        why=[words.REASONS[reason] for reason in why],
        remark=words.PAPER_REMARK if standing is Standing.VALID and verdict.medium == "paper" else None,
        compare=f"/v/{verdict.seal_text}/paper" if verdict.seal_text and found and found.has_words else "",
        told=[*_of_file(verdict, found, given_out=given_out), *_of_copy(hub, verdict, found, statement)],
        to_extend=given_out and not (found and found.annulment),
    )


def _is_given_out(hub: Hub, found: Recorded, data: bytes) -> bool:
    with hub.database.reading() as session:
        return extensions.copy_of(session, sha256_hex(data)) == found.issue.copy_id


def _of_copy(hub: Hub, verdict: Verdict, found: Recorded | None, statement: bytes) -> list[Section]:
    if found and verdict.seal:
        sections = told(hub, found, verdict.seal, trust.parse(statement))
        return sections[:-1] if verdict.signatures else sections  # the file's own signatures are told already
    if verdict.seal:
        lines = paper_lines(verdict.seal, verdict.seal.register_label)
        return [section(("Mã QR ghi như sau", "What the QR seal says"), lines)]
    return []


def _of_file(verdict: Verdict, found: Recorded | None, *, given_out: bool) -> Iterator[Section]:
    lines = list(_signed_lines(verdict))
    if found and given_out:
        lines.append(("Toàn vẹn", "Integrity", "Trùng từng byte với tệp đã cấp – byte for byte the file given out"))
    if verdict.level:
        lines.append(("Mức chữ ký của tệp này", "Level of this file", verdict.level))
    yield section(("Chữ ký trong tệp", "Signatures in the file"), lines)


def _signed_lines(verdict: Verdict) -> Iterator[tuple[str, str, str]]:
    roles = iter((("Người chứng thực", "Certifier"), ("Cơ quan", "Agency")))
    for each in verdict.signatures[:_MOST_SIGNATURES]:
        vi, en = ("Dấu thời gian", "Timestamp") if each.is_timestamp else next(roles, ("Chữ ký khác", "Other"))
        yield vi, en, _signature(each)


def _signature(each: SignatureFinding) -> str:
    when = vietnam_text(each.signed_at) if each.signed_at else "không rõ lúc nào"
    state = " ".join(words.REASONS[reason][0] for reason in each.reasons) or "Còn nguyên vẹn."
    return f"{each.subject} (chứng thư do {each.issuer} cấp), {when}. {state}"
