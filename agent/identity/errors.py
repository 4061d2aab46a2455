"""What can go wrong in finding out who is there, each with the citizen's sentence (vi, en) and the remedy.

IdentityError
├── CardNotShown              no card's code was seen by the camera in time
├── PortraitNotSeen           the card's portrait was not found on its print
├── FaceUnusable              the face before the camera, or the portrait, can't be compared
├── LookFailed                what the camera saw could not be judged
├── ScreenSilent              the screen did not show the challenge, or not in its time
└── ChipError                 the chip was not read; what it holds was not judged
    ├── AccessDenied          the zone or the six digits do not open this chip
    ├── AccessUnsupported     it offers no way in that this reader knows, or none with what was typed
    ├── ChipRefused           it says no to a command that every such chip knows
    ├── ChipAnswerBroken      what it says makes no sense, or is longer than such a card can be
    ├── ChannelBroken         the protected talk was disturbed: altered, replayed or out of step
    └── ChipTooSlow           it was not read within its time

A card that is pulled, mute or gone is the reader's fault (`agent.devices.errors`) and passes through unchanged. A chip
that was read and is not believed is no error: see `chip.verdict`.
"""

from typing import ClassVar

__all__ = [
    "AccessDenied",
    "AccessUnsupported",
    "CardNotShown",
    "ChannelBroken",
    "ChipAnswerBroken",
    "ChipError",
    "ChipRefused",
    "ChipTooSlow",
    "FaceUnusable",
    "IdentityError",
    "LookFailed",
    "PortraitNotSeen",
    "ScreenSilent",
]


class IdentityError(Exception):
    """Who stands there can't be told in this way; `cause` is the technician's short sentence, free of personal data."""

    code: ClassVar[str] = "IDENTITY"
    vi: ClassVar[str] = "Không xác nhận được danh tính theo cách này. Xin chọn cách khác."
    en: ClassVar[str] = "Your identity can't be confirmed in this way. Please choose another."
    remedy: ClassVar[str] = "Let the citizen go on by the other way (officer by video, staff)"
    counts: ClassVar[bool] = True
    """Whether it uses up one of the citizen's tries."""

    def __init__(self, cause: str = "") -> None:
        self.cause = cause or (self.__doc__ or "").strip().splitlines()[0].rstrip(".")
        super().__init__(f"{self.cause}. {self.remedy}.")


class CardNotShown(IdentityError):
    """No card's code was seen by the camera in time."""

    code = "CARD_NOT_SHOWN"
    vi = "Chưa thấy mã QR của thẻ căn cước. Xin giơ thẻ trước camera rồi thử lại, hoặc chọn cách khác."
    en = (
        "The QR code of your identity card was not seen. Please hold it before the camera again, or choose another way."
    )
    remedy = "Clean the camera's glass and look at its light; a worn code can't be read: use the other way"


class PortraitNotSeen(IdentityError):
    """The portrait on the card was not found."""

    code = "PORTRAIT_NOT_SEEN"
    vi = "Chưa thấy ảnh trên thẻ. Xin giơ mặt có ảnh trước camera rồi thử lại, hoặc chọn cách khác."
    en = "The picture on the card was not seen. Please hold that side before the camera again, or choose another way."
    remedy = "Clean the camera's glass and look for glare; a worn portrait can't be used: use the other way"


class FaceUnusable(IdentityError):
    """A face can't be compared; the sentences say why."""

    code = "FACE_UNUSABLE"
    remedy = "Nothing is to be done; if it happens often, clean the camera and look at the light"

    def __init__(self, cause: str, *, vi: str, en: str) -> None:
        super().__init__(cause)
        self.vi, self.en = vi, en  # type: ignore[misc]  # each has its own


class LookFailed(IdentityError):
    """What the camera saw could not be judged."""

    code = "LOOK_FAILED"
    vi = "Trạm chưa nhìn rõ. Xin thử lại hoặc chọn cách khác."
    en = "The kiosk could not see well enough. Please try again or choose another way."
    remedy = "If it stays so, the kiosk is too busy or the camera too slow: see the log, then `tram doctor`"


class ScreenSilent(IdentityError):
    """The screen did not show the challenge, or not in its time."""

    code = "SCREEN_SILENT"
    vi = "Màn hình của trạm chưa chiếu được ánh sáng để kiểm tra. Lần này không tính vào số lần thử của bạn."
    en = "The kiosk's screen did not show its lights as it should. This does not count as one of your tries."
    remedy = "See that the browser runs and is in front; if it stays so, the machine is too busy: see `tram doctor`"
    counts = False


class ChipError(IdentityError):
    """The chip was not read; the card still lies on the reader."""

    paper_vi: ClassVar[str] = "Thẻ của bạn vẫn nằm trên đầu đọc; xin lấy lại thẻ."
    paper_en: ClassVar[str] = "Your card still lies on the reader; please take it back."


class AccessDenied(ChipError):
    """The chip does not open with this zone or number."""

    code = "CHIP_ACCESS_DENIED"
    vi = "Chip không mở được bằng các số đã đọc. Xin đặt lại thẻ hoặc nhập lại số trên thẻ."
    en = "The chip does not open with the numbers read. Please lay the card down again or type its numbers again."
    remedy = "Compare document number, birth and expiry (or the six digits of the CAN) with the print of the same card"


class AccessUnsupported(ChipError):
    """The chip offers no way in that this reader knows."""

    code = "CHIP_ACCESS_UNSUPPORTED"
    vi = "Trạm chưa đọc được loại chip này. Xin chọn cách xác nhận khác."
    en = "This kiosk can't read this kind of chip. Please choose another way."
    remedy = "Note the protocols named in the log with the kind of card and report them; use the other way meanwhile"


class ChipRefused(ChipError):
    """The chip says no to a command."""

    code = "CHIP_REFUSED"
    vi = "Chip từ chối trả lời. Xin đặt lại thẻ và thử lại."
    en = "The chip refuses to answer. Please lay the card down again and try again."
    remedy = "Try once more; if another card is read, this chip is locked or defective: use the other way"


class ChipAnswerBroken(ChipError):
    """What the chip says makes no sense."""

    code = "CHIP_ANSWER_BROKEN"
    vi = "Dữ liệu trên chip không đọc được. Xin đặt lại thẻ và thử lại."
    en = "The data on the chip can't be read. Please lay the card down again and try again."
    remedy = "Try once more; if another card is read, this chip is defective or no identity chip: use the other way"


class ChannelBroken(ChipError):
    """The protected talk with the chip was disturbed."""

    code = "CHIP_CHANNEL_BROKEN"
    vi = "Kết nối với chip bị gián đoạn. Xin đặt lại thẻ và giữ yên."
    en = "The connection with the chip was disturbed. Please lay the card down again and leave it there."
    remedy = "Try once more; if it happens with every card, look for a second device at the reader, then replace it"


class ChipTooSlow(ChipError):
    """The chip was not read within its time."""

    code = "CHIP_TOO_SLOW"
    vi = "Đọc chip quá lâu. Xin đặt lại thẻ và giữ yên."
    en = "Reading the chip takes too long. Please lay the card down again and leave it there."
    remedy = "Lay the card flat on the middle of the reader; if every card is slow, replace the reader"
