"""The Trust Statement: who certifies here, by what right, with which keys, how to check, and who answers for errors."""

from collections.abc import Iterator
from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from contract.clock import VIETNAM, vietnam_text
from contract.note import LogKey
from hub.console.access import ServedHub
from hub.rooms import Hub
from hub.signing.profiles import TEST_MARK
from hub.verify import trust
from hub.verify.certificates import CertificateWords, in_words
from hub.verify.sheet import Section, section, sheet
from hub.verify.trust import CertifierEntry, Trust

router = APIRouter()

_Line = tuple[str, str, str]


@router.get("/trust", response_class=HTMLResponse)
def trust_page(hub: ServedHub, request: Request) -> HTMLResponse:
    """Return the agency's Trust Statement, made of what `trust.json` publishes."""
    known = trust.parse(request.app.state.trust())
    root = in_words(known.anchors[0])
    today = hub.clock.now().astimezone(VIETNAM).date()
    return sheet(
        "trust.html",
        agency=known.agency,
        operator=hub.config.agency.operator,
        contact=hub.config.agency.contact,
        root=root.sha256,
        specimen=TEST_MARK in root.subject,
        people=[_person(each, today) for each in known.certifiers if each.current],
        keys=list(_keys(known)),
        stated=section(("Bản công bố này", "This statement"), _stated(hub, known)),
    )


def _person(entry: CertifierEntry, today: date) -> Section:
    return section((entry.name, entry.title), _authority(entry, today))


def _authority(entry: CertifierEntry, today: date) -> Iterator[_Line]:
    yield "Văn bản giao thẩm quyền", "Authority document", entry.authority_document or "chưa có"
    yield "Thẩm quyền có hiệu lực", "In force", _span(entry, today)
    if entry.pem:
        words = in_words(entry.pem)
        yield "Chứng thư số", "Certificate", f"{words.subject}; hết hạn {_day(words)}"
        yield "Vân tay chứng thư", "Certificate fingerprint", words.sha256


def _span(entry: CertifierEntry, today: date) -> str:
    begin = f"từ {entry.valid_from:%d/%m/%Y}" if entry.valid_from else "chưa có ngày bắt đầu"
    if entry.valid_to is None:
        return f"{begin}, chưa có ngày kết thúc"
    ended = " (đã hết – ended)" if entry.valid_to < today else ""
    return f"{begin} đến {entry.valid_to:%d/%m/%Y}{ended}"


def _keys(known: Trust) -> Iterator[Section]:
    for pem in known.anchors:
        yield section(("Chứng thư gốc (CA)", "Root certificate"), _certificate(in_words(pem)))
    for pem in known.issuers:
        yield section(("CA cấp chứng thư cho người và cơ quan", "Issuing authority"), _certificate(in_words(pem)))
    for pem in known.tsa_anchors:
        heading = ("Chứng thư gốc của dấu thời gian", "Root certificate of timestamps")
        yield section(heading, _certificate(in_words(pem)))
    if known.agency_certificate:
        yield section(
            ("Chữ ký số của cơ quan", "The agency's signature"), _certificate(in_words(known.agency_certificate))
        )
    for signer in known.seal_signers:
        named = ("Tên trong mã QR", "Name in the QR", f"{signer.signer_id}/{signer.cert_ref}")
        yield section(("Khóa của mã QR", "Key of the QR seal"), [named, *_certificate(in_words(signer.pem))])
    if known.log_key:
        key = LogKey.parse(known.log_key)
        yield section(("Khóa của nhật ký công khai", "Key of the public log"), [("Khóa", "Key", str(key))])


def _certificate(words: CertificateWords) -> Iterator[_Line]:
    yield "Chủ thể", "Subject", words.subject
    yield "Hết hạn", "Expires", _day(words)
    yield "Vân tay", "Fingerprint", words.sha256


def _day(words: CertificateWords) -> str:
    return f"{words.not_after.astimezone(VIETNAM):%d/%m/%Y}"


def _stated(hub: Hub, known: Trust) -> Iterator[_Line]:
    yield "Lập lúc", "Made at", vietnam_text(known.issued_at)
    yield "Cơ quan", "Agency", f"{known.agency} ({hub.config.agency.code}), {hub.config.agency.province}"
    yield "Số bản sao đã bị hủy bỏ", "Copies annulled", str(len(known.annulled))
