"""What the hub has on a sealed copy, and how much of it the holder of the paper is told."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import exists, select

from contract.clock import VIETNAM, vietnam_text
from contract.seal import CopySeal
from hub.register import certificates as kept
from hub.register import extensions
from hub.register.labels import register_label
from hub.rooms import Hub
from hub.store.tables import (
    AnnulmentRow,
    CopyExtension,
    FingerprintRow,
    Issue,
    IssueState,
    RegisterRow,
    Upgrade,
    UpgradeState,
)
from hub.verify import certificates, seals
from hub.verify.certificates import CertificateWords
from hub.verify.kinds import kind_words
from hub.verify.sheet import Section, section
from hub.verify.trust import Trust
from hub.verify.values import Reason, SealFinding

_Line = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The copy in the register, its annulment if there is one, who signed (PEM), what was appended since.

    `has_words` tells that a print can be compared.
    """

    issue: Issue
    row: RegisterRow
    annulment: AnnulmentRow | None
    certifier_pem: str
    agency_pem: str
    extension: CopyExtension | None
    raising: Upgrade | None
    has_words: bool


def recorded(hub: Hub, seal: CopySeal) -> Recorded | None:
    """Return what is recorded of a believed seal; None where the register says otherwise than the seal."""
    with hub.database.reading() as session:
        issue = session.get(Issue, seal.copy_id)
        if issue is None or issue.state != IssueState.SIGNED:
            return None
        row = session.get_one(RegisterRow, issue.register_row)
        entered = (row.number, row.book_no, row.year, row.agency, issue.log_index)
        if entered != (seal.cert_no, seal.book_no, seal.year, seal.agency_code, seal.log_index):
            return None
        return Recorded(
            issue=issue,
            row=row,
            annulment=session.get(AnnulmentRow, seal.copy_id),
            certifier_pem=kept.pem_of(session, issue.certifier_certificate),
            agency_pem=kept.pem_of(session, issue.agency_certificate),
            extension=extensions.newest(session, seal.copy_id),
            raising=session.get(Upgrade, seal.copy_id),
            has_words=bool(session.scalar(select(exists().where(FingerprintRow.copy_id == seal.copy_id)))),
        )


def looked_up(hub: Hub, seal_text: str, known: Trust) -> tuple[SealFinding, Recorded | None]:
    """Return what the seal in a QR's address says, and what is recorded of it where it is believed."""
    finding = seals.judge_text(f"https://hub/{seal_text}", known)
    return finding, recorded(hub, finding.seal) if finding.seal and not finding.reasons else None


def fingerprint_of(hub: Hub, found: Recorded) -> bytes | None:
    """Return the packed table of a recorded copy's words, where there is one."""
    with hub.database.reading() as session:
        row = session.get(FingerprintRow, found.issue.copy_id)
    return row.words if row else None


def reasons(found: Recorded | None) -> Iterator[Reason]:
    """Yield why a copy with a genuine seal is not simply valid."""
    if found is None:
        yield Reason.NOT_RECORDED
    elif found.annulment:
        yield Reason.ANNULLED


def told(hub: Hub, found: Recorded, seal: CopySeal, trust: Trust) -> list[Section]:
    """Return what the holder is told: no name but the certifier's, no word of the paper."""
    paper = paper_lines(seal, register_label(found.row))
    return [
        section(("Đã bị hủy bỏ", "Annulled"), _annulment(found.annulment)),
        section(("Ai đã chứng thực", "Who certified"), _certified(hub, found)),
        section(("Tờ giấy phải như sau", "What the paper must look like"), paper),
        section(("Chữ ký số trong bản điện tử", "Signatures in the electronic copy"), _signatures(found, trust)),
    ]


def on_paper(hub: Hub, found: Recorded, seal: CopySeal) -> Iterator[_Line]:
    """Yield what a person at a kiosk holds the sheet against: who certified, and what it must show."""
    yield from _annulment(found.annulment)
    yield "Cơ quan chứng thực", "Agency", hub.config.agency.name
    yield "Người thực hiện chứng thực", "Certified by", f"{found.row.signer_name}, {found.row.signer_title}"
    yield from paper_lines(seal, register_label(found.row))


def paper_lines(seal: CopySeal, number: str) -> Iterator[_Line]:
    """Yield what the sheet that carries the seal must show; `number` is the register's, or the seal's in ASCII."""
    yield "Loại giấy tờ được sao", "Kind of paper", kind_words(seal.kind)
    yield "Số chứng thực in trên giấy", "Number printed on it", number
    yield "Ngày chứng thực", "Day of issue", f"{seal.issued_at.astimezone(VIETNAM):%d/%m/%Y}"
    yield "Số trang của bản sao", "Pages of the copy", str(seal.pages)
    yield "Chữ cái đầu tên người yêu cầu", "Requester's initials", seal.requester_initials


def _annulment(annulment: AnnulmentRow | None) -> Iterator[_Line]:
    if annulment is not None:
        yield "Theo quyết định số", "By decision", annulment.decision_no
        yield "Ngày hủy bỏ", "On", vietnam_text(annulment.at)


def _certified(hub: Hub, found: Recorded) -> Iterator[_Line]:
    issue, row = found.issue, found.row
    yield "Cơ quan chứng thực", "Agency", hub.config.agency.name
    yield "Người thực hiện chứng thực", "Certified by", f"{row.signer_name}, {row.signer_title}"
    yield "Thời điểm chứng thực", "Time", vietnam_text(issue.issued_at)
    yield "Căn cứ", "Legal note", issue.legal_note
    yield "Mã bản sao", "Copy id", issue.copy_id


def _signatures(found: Recorded, trust: Trust) -> Iterator[_Line]:
    at = found.issue.signed_at or found.issue.issued_at
    certifier, agency = (certificates.in_words(pem) if pem else None for pem in (found.certifier_pem, found.agency_pem))
    if certifier is None:  # signed before fingerprints were recorded
        certifier = certificates.of_certifier(trust, found.row.signer_name, at)
    if agency is None and trust.agency_certificate:
        agency = certificates.in_words(trust.agency_certificate)
    for (vi, en), words in ((("Người chứng thực", "Certifier"), certifier), (("Cơ quan", "Agency"), agency)):
        if words is not None:
            yield from _certificate(vi, en, words)
    yield from _level(found)


def _level(found: Recorded) -> Iterator[_Line]:
    yield "Mức chữ ký khi cấp", "Level when issued", found.issue.level or ""
    if found.extension is not None:
        day = f"{found.extension.made_at.astimezone(VIETNAM):%d/%m/%Y}"
        end = f"{found.extension.protected_until.astimezone(VIETNAM):%d/%m/%Y}"
        yield "Đã bổ sung bằng chứng", "Evidence added", f"{found.extension.level}, {day}; bảo vệ đến {end}"
    elif found.raising is not None:
        yield "Nâng mức chữ ký", "Raising the level", _RAISING[UpgradeState(found.raising.state)]


_RAISING = {
    UpgradeState.WAITING: "Đang chờ dịch vụ dấu thời gian; bản giấy không bị ảnh hưởng – waiting for the service",
    UpgradeState.DONE: "Đã xong – done",
    UpgradeState.LEFT_TO_HOLDER: "Hãy tải tệp lên trang /verify để nhận bản đầy đủ – bring the file to /verify",
    UpgradeState.REVOKED: "Không nâng được: chứng thư đã bị thu hồi – a certificate was revoked",
}


def _certificate(vi: str, en: str, words: CertificateWords) -> Iterator[_Line]:
    yield f"{vi} – chủ thể chứng thư", f"{en}: certificate subject", words.subject
    yield f"{vi} – đơn vị cấp chứng thư", f"{en}: issuer", words.issuer
    yield f"{vi} – vân tay chứng thư", f"{en}: fingerprint", words.sha256
