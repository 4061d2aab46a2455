"""The e-mail that brings an electronic copy: who certified, how to check it, who answers; Vietnamese, then English."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from contract.clock import VIETNAM, vietnam_text
from hub.config import AgencyConfig
from hub.delivery.carrier import Parcel

_VI = """\
Kính gửi bạn,

Đây là bản sao điện tử có chứng thực mà bạn đã yêu cầu tại trạm.

Giấy tờ: {title}
Số chứng thực: {label}
Người chứng thực: {signer}, {signer_title}
Cơ quan: {agency}
Ký lúc: {signed_at}

{here_vi}

Cách kiểm tra: mở {verify_url}
hoặc gửi tệp tại {public_url}/verify. Phần mềm đọc PDF cũng hiện hai chữ ký số.
Nếu có sai sót, cơ quan nói trên chịu trách nhiệm{contact}.
Thư này gửi tự động. Bạn không yêu cầu? Xin xóa thư và báo cho cơ quan.
"""
_EN = """\
Dear citizen,

This is the certified electronic copy that you asked for at the kiosk.

Paper: {title}
Number: {label}
Certified by: {signer}, {signer_title}
Agency: {agency}
Signed at: {signed_at}

{here_en}

How to check it: open {verify_url}
or hand in the file at {public_url}/verify. A PDF reader shows the two signatures, too.
Should anything be wrong, the agency above answers for it{contact}.
This letter was sent by a machine. You did not ask for it? Please delete it and tell the agency.
"""


def letter(
    parcel: Parcel, to: str, *, sender: str, agency: AgencyConfig, public_url: str, link: str = ""
) -> EmailMessage:
    """Return the letter with the copy attached, or with the address under which it is given out once.

    The Message-ID is made of the copy's id and never changes for it (RFC 5322 §3.6.4).
    """
    words = {
        "title": parcel.title,
        "label": parcel.register_label,
        "signer": parcel.signer,
        "signer_title": parcel.signer_title,
        "agency": agency.name,
        "signed_at": vietnam_text(parcel.signed_at),
        "verify_url": parcel.verify_url,
        "public_url": public_url,
        "contact": f" ({agency.contact})" if agency.contact else "",
    } | _here(parcel, link)
    said = EmailMessage(policy=SMTP)
    said["From"] = Address(agency.name, addr_spec=sender)
    said["To"] = Address(addr_spec=to)
    said["Subject"] = f"Bản sao điện tử có chứng thực / Certified electronic copy {parcel.register_label}"
    said["Date"] = format_datetime(parcel.signed_at.astimezone(VIETNAM))
    said["Message-ID"] = message_id(parcel.copy_id, sender)
    said["Auto-Submitted"] = "auto-generated"
    said.set_content(f"{_VI.format(**words)}\n----------\n\n{_EN.format(**words)}", cte="quoted-printable")
    if not link:
        said.add_attachment(
            parcel.content, maintype="application", subtype="pdf", filename=f"ban-sao-{parcel.copy_id[-8:]}.pdf"
        )
    return said


def message_id(copy_id: str, sender: str) -> str:
    """Return the Message-ID of the letter that brings a copy."""
    return f"<{copy_id}@{sender.rpartition('@')[2]}>"


def _here(parcel: Parcel, link: str) -> dict[str, str]:
    if not link:
        return {"here_vi": "Bản sao ở trong tệp PDF kèm thư.", "here_en": "The copy is the PDF file attached."}
    until = f"{parcel.keep_until.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
    return {
        "here_vi": f"Tệp quá lớn để gửi kèm. Bạn tải một lần tại {link}\ntrước {until}.",
        "here_en": f"The file is too large for a letter. Download it once at {link}\nbefore {until}.",
    }
