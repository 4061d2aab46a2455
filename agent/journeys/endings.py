"""How a visit ends, in the citizen's words, with what became of the paper and of the money.

Parting                    the visit ends before a copy is delivered
├── SecretPaper            it must not be copied; images destroyed (R17)
├── ClockDoubtful          nobody can say what time it is; nothing was taken (R23)
├── Cancelled              the citizen changed their mind
├── NotPaid                the sum did not come in
├── NotRead                scanner or reading failed
├── NotPayable             the cash device failed before the sum was in
├── SheetsMissing          fewer pages were put in than declared, and nobody said that these are all
├── Refused                an officer refused, in writing
├── NotRescanned           the page asked for was not put in again
├── RejectedByHub          the hub will not treat the request
├── NothingToDigitise      none of the papers may be scanned by a kiosk
├── NotFiled               the hub will not take a digitised paper
├── CopyNotReceived        signed and registered, but its bytes did not arrive whole
└── NeedsAPerson           the program failed over this visit more than once
"""

import re
from typing import ClassVar

from msgspec import Struct

from contract.destinations import Channel
from contract.messages import PrintOutcome


class Ending(Struct, frozen=True, kw_only=True):
    """A visit's last screen; amounts in đồng; `remedy` is the technician's or officer's.

    `fault` is the code of the device's or the reading's fault that ended the visit, where one did.
    """

    code: str
    vi: str
    en: str
    paper_vi: str
    paper_en: str
    money_vi: str
    money_en: str
    remedy: str = ""
    fault: str = ""
    register_label: str = ""
    verify_url: str = ""


class Parted(Struct, frozen=True, kw_only=True):
    """A parting as the journal keeps it."""

    code: str
    vi: str
    en: str
    remedy: str
    paper: tuple[str, str] = ("", "")
    fault: str = ""


def code_of(kind: "type[Parting]") -> str:
    """Return the code of a parting: its name in capitals, `NOT_PAID`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).upper()


class Parting(Exception):
    """The visit ends here; `vi`, `en` are the citizen's sentence."""

    vi: ClassVar[str] = ""
    en: ClassVar[str] = ""
    remedy: ClassVar[str] = ""
    money_back: ClassVar[bool] = True  # False: not once the hub was asked, since the copy may exist
    paper: ClassVar[tuple[str, str]] = ("Vui lòng lấy lại giấy tờ của bạn.", "Please take your paper back.")

    def __init__(
        self, *, vi: str = "", en: str = "", remedy: str = "", paper: tuple[str, str] | None = None, fault: str = ""
    ) -> None:
        self.parted = Parted(
            code=code_of(type(self)),
            vi=" ".join(filter(None, (self.vi, vi))),
            en=" ".join(filter(None, (self.en, en))),
            remedy=remedy or self.remedy,
            paper=paper or self.paper,
            fault=fault,
        )
        super().__init__(self.parted.en)


class SecretPaper(Parting):
    """The paper carries a mark that forbids copying; its images are destroyed at once (R17)."""


class ClockDoubtful(Parting):
    """The kiosk's clock is not believed, so nothing that carries a date is begun (R23)."""

    vi = (
        "Trạm chưa xác nhận được giờ chính xác nên lúc này chưa nhận chứng thực. Xin thử lại sau ít phút hoặc đến quầy."
    )
    en = "The kiosk can't confirm the exact time, so it certifies nothing now. Try again later, or see a counter."


class Cancelled(Parting):
    """The citizen pressed cancel before paying."""

    vi = "Bạn đã hủy yêu cầu."
    en = "You cancelled."


class NotPaid(Parting):
    """The sum did not come in within the time."""

    vi = "Chưa nhận đủ tiền nên yêu cầu dừng lại."
    en = "The sum did not come in, so the order ends here."


class NotRead(Parting):
    """Scanner or reading failed."""

    vi = "Trạm gặp sự cố nên chưa nhận được giấy tờ."
    en = "The kiosk could not take in the paper."


class SheetsMissing(Parting):
    """Fewer pages were put in than declared, and nobody said that these are all (R6)."""

    vi = "Trạm chưa nhận đủ các trang nên yêu cầu dừng lại."
    en = "Not all pages were put in, so the order ends here."


class NotPayable(Parting):
    """The cash device failed before the sum was in."""

    vi = "Máy thu tiền gặp sự cố nên yêu cầu dừng lại."
    en = "The cash device failed, so the order ends here."


class Refused(Parting):
    """A person refused, with a ground, in writing (NĐ 23/2015 Art. 9)."""

    vi = "Công chức từ chối chứng thực."
    en = "The officer refused to certify."


class NotRescanned(Parting):
    """The officer asked for a page again and nobody put it in."""

    vi = "Trang cần quét lại chưa được đưa vào nên yêu cầu dừng lại."
    en = "The page that the officer asked for was not put in again, so the order ends here."


class RejectedByHub(Parting):
    """The hub will not treat the request."""

    vi = "Hệ thống không nhận yêu cầu này."
    en = "The hub does not accept this request."


class NotFiled(Parting):
    """The hub will not take a digitised paper."""

    vi = "Hệ thống không nhận được hồ sơ số hóa. Giấy tờ của bạn không mất gì; vui lòng gặp công chức."
    en = "The hub did not take the digitised dossier. Nothing of your papers is lost; please see an officer."


class NothingToDigitise(Parting):
    """None of the papers may be scanned here."""

    vi = "Giấy tờ này cần máy riêng hoặc cần giữ nguyên bản gốc. Vui lòng gặp công chức."
    en = "These papers need a special device, or must not be scanned. Please see an officer."


class CopyNotReceived(Parting):
    """The copy is signed and has its number, but the kiosk does not have it whole."""

    vi = "Bản sao đã được ký nhưng trạm chưa nhận đủ. Vui lòng gặp công chức để nhận."
    en = "The copy is signed, but the kiosk did not receive it whole. Please see an officer to get it."
    money_back = False


class NeedsAPerson(Parting):
    """The program failed over this visit more than once."""

    vi = "Trạm gặp sự cố với yêu cầu này. Vui lòng gặp công chức."
    en = "The kiosk failed over this order. Please see an officer."
    remedy = "Keep the kiosk's log and ledger of this visit for the developers."
    money_back = False


PARTINGS = {code_of(kind): kind for kind in Parting.__subclasses__()}

NOT_FETCHED = "NOT_FETCHED"
"""Ends the visit of who left with a slip and did not come back for the signed copy."""

POSTED = "POSTED"
"""Ends the visit whose copies the agency's counter prints and posts."""

DELIVERED = {
    "HANDED_OVER": ("Bạn đã nhận bản sao có chứng thực.", "You have your certified copy."),
    "NOT_TAKEN": ("Bản sao đã in nằm ở khay nhận.", "The printed copy lies in the tray."),
    "ELECTRONIC": (
        "Bản sao điện tử đã sẵn sàng. Quét mã bằng điện thoại để tải về, một lần, trong 24 giờ.",
        "Your electronic copy is ready. Scan the code with your phone to download it, once, within 24 hours.",
    ),
    POSTED: (
        "Bản sao đã được ký. Cơ quan in và gửi qua bưu điện. Theo dõi bằng mã trên biên nhận.",
        "Your copy is signed. The agency prints it and sends it by post. Follow it with the code of your receipt.",
    ),
    "COLLECTABLE": (
        "Bản sao đã được ký nhưng chưa in được. Hãy giữ biên nhận để nhận bản in trong 24 giờ.",
        "The copy is signed but could not be printed. Keep the receipt to collect it within 24 hours.",
    ),
    "AWAITED": (
        "Bản sao đã được ký nhưng chưa về đến trạm. Hãy giữ biên nhận để nhận tại trạm này trong 24 giờ.",
        "The copy is signed but has not reached the kiosk. Keep the receipt to collect it here within 24 hours.",
    ),
    NOT_FETCHED: (
        "Không ai đến nhận trong 24 giờ nên trạm đã xóa bản sao và không in.",
        "Nobody came for the copy within 24 hours, so it was destroyed and not printed.",
    ),
    "PRINT_UNKNOWN": (
        "Bản sao đã được ký. Chưa rõ đã in hay chưa, vui lòng gặp công chức.",
        "The copy is signed. Whether it was printed is not known; please see an officer.",
    ),
}
"""The citizen's sentence for each way a signed copy ends."""

SENT_TO: dict[Channel, tuple[str, str]] = {
    Channel.MAIL: (
        "Tệp cũng được gửi qua e-mail, thường sau vài phút.",
        "The file is sent to your e-mail address too, mostly within minutes.",
    ),
    Channel.PORTAL: (
        "Tệp cũng được gửi vào tài khoản của bạn trên Cổng Dịch vụ công quốc gia.",
        "The file is sent to your account at the National Public Service Portal too.",
    ),
    Channel.IHANOI: (
        "Tệp cũng được gửi vào tài khoản iHanoi của bạn.",
        "The file is sent to your iHanoi account too.",
    ),
}
"""What is said besides of each way that the file goes by."""

WAITING = ("COLLECTABLE", "AWAITED")
"""The endings after which the copy waits for its receipt: surely no sheet has come out."""

CAME_BACK = "CAME_BACK"
"""Ends the visit of who came back while the officer's word, or a copy, waited; the screen goes on with that one."""

NOT_COLLECTED = {
    CAME_BACK: ("Trạm đã nhận ra biên nhận của bạn.", "Your slip was recognised."),
    "NO_CODE": (
        "Trạm chưa đọc được mã trên biên nhận. Hãy đặt lại biên nhận vào máy quét, hoặc nhập mã.",
        "The code on the receipt could not be read. Lay the receipt on the scanner again, or type its code.",
    ),
    "NO_SUCH_RECEIPT": (
        "Không có bản sao nào chờ nhận với mã này ở trạm. Xin xem lại mã, hoặc hỏi công chức.",
        "No copy waits here under this code. Please check the code, or ask an officer.",
    ),
    "COLLECTED": (
        "Bản sao của biên nhận này đã được in; mỗi biên nhận chỉ in một lần. Nếu bạn chưa nhận, xin gặp công chức.",
        "The copy of this receipt was printed before; it is printed once only. If you have not got it, see an officer.",
    ),
    "COPY_NOT_RECEIVED": (CopyNotReceived.vi, CopyNotReceived.en),
}
"""The citizen's sentence where nothing is collected with a receipt."""

DIGITISED = {
    "DIGITISED": (
        "Hồ sơ đã số hóa và đã gửi. Công chức kiểm tra rồi ký số.",
        "Your dossier is digitised and sent. An officer checks and signs it.",
    ),
}
"""The citizen's sentence for a dossier that the hub holds."""

DIGITISED_RECEIPT = {
    PrintOutcome.PRINTED: ("Giữ biên nhận để dùng lại hồ sơ.", "Keep the receipt to use the dossier again."),
    PrintOutcome.NOT_PRINTED: (
        "Trạm không in được biên nhận. Hãy ghi lại hoặc chụp mã {} và hỏi công chức khi cần dùng lại hồ sơ.",
        "No receipt could be printed. Note or photograph the code {} and ask an officer to use the dossier again.",
    ),
    PrintOutcome.UNKNOWN: (
        "Giữ biên nhận để dùng lại hồ sơ. Nếu không có biên nhận, hãy ghi lại hoặc chụp mã {} và hỏi công chức.",
        "Keep the receipt to use the dossier again. If none came out, note the code {} and ask an officer.",
    ),
}
"""What is said besides of the receipt, whose secret alone gives the dossier out again."""

CHECKED = {
    "CHECKED_VALID": ("Mã trên giấy là thật và bản sao còn giá trị.", "The code is genuine and the copy is valid."),
    "CHECKED_UNKNOWN": (
        "Chưa kết luận được về bản sao này. Hãy hỏi cơ quan ghi trên giấy.",
        "It can't be told what this copy is worth. Ask the agency that is named on it.",
    ),
    "CHECKED_INVALID": (
        "Bản sao này không có giá trị. Hãy hỏi cơ quan ghi trên giấy.",
        "This copy is not valid. Ask the agency that is named on it.",
    ),
    "NO_COPY_CODE": (
        "Trạm chưa thấy mã QR trên giấy. Hãy đặt trang có mã QR úp xuống mặt kính, rồi thử lại.",
        "No QR code was found. Lay the page with the QR code face down on the glass and try again.",
    ),
    "NOT_JUDGED": (
        "Trạm chưa hỏi được sổ chứng thực. Hãy quét mã QR bằng điện thoại, hoặc thử lại sau ít phút.",
        "The register could not be asked. Scan the QR code with a phone, or try again in a few minutes.",
    ),
    "NOT_SCANNED": ("Trạm chưa quét được giấy.", "The paper could not be scanned."),
}
"""The citizen's sentence for each way a check ends."""
