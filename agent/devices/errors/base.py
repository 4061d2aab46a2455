"""What every fault of a device says, to whom."""

from typing import ClassVar


class DeviceError(Exception):
    """A device can't do what was asked; `cause` is the technician's short sentence.

    `code` names the case for log and telemetry; `vi` and `en` are the citizen's sentence, `remedy` the technician's;
    `cause_vi` and `remedy_vi` tell a member of staff at the kiosk's screen the same in Vietnamese.
    `paper_*` answers "where is my original?" and `money_*` "was I charged?" on the same screen; the defaults below hold
    for every device that takes neither in, and a visit's last screen replaces `money_*` by the amounts.
    """

    cause: str
    code: ClassVar[str]
    vi: ClassVar[str]
    en: ClassVar[str]
    remedy: ClassVar[str]
    cause_vi: ClassVar[str]
    remedy_vi: ClassVar[str]
    paper_vi: ClassVar[str] = "Giấy tờ của bạn vẫn ở chỗ bạn đã đặt; xin lấy lại."
    paper_en: ClassVar[str] = "Your paper is still where you put it; please take it back."
    money_vi: ClassVar[str] = "Tiền đã nộp vẫn được ghi nhận cho lượt này; phần chưa dùng sẽ được trả lại."
    money_en: ClassVar[str] = "What you paid is still counted for this visit; what is not used comes back."

    def __init__(self, cause: str = "") -> None:
        self.cause = cause or (self.__doc__ or "").strip().splitlines()[0].rstrip(".")
        super().__init__(f"{cause}. {self.remedy}." if cause else f"{self.en} {self.remedy}.")
