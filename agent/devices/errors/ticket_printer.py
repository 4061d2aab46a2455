"""Faults of the ticket printer: a slip did not come out, the visit goes on without it."""

from agent.devices.errors.base import DeviceError


class TicketPrinterError(DeviceError):
    """The ticket printer can't be used; nothing of this slip was sent."""

    paper_vi = "Biên nhận chưa được in; bản chính của bạn không ở trong máy in biên nhận."
    paper_en = "The slip was not printed; your original is not in the ticket printer."


class TicketPrinterUnreachable(TicketPrinterError):
    """The ticket printer is not there, or does not answer."""

    code = "TICKET_UNREACHABLE"
    vi = "Máy in biên nhận không phản hồi. Xin ghi lại hoặc chụp mã trên màn hình."
    en = "The ticket printer does not answer. Please note or photograph the code on the screen."
    remedy = "Check the ticket printer's power and cable, and its address and speed in kiosk.toml"
    cause_vi = "Máy in biên nhận không có hoặc không trả lời"
    remedy_vi = "Kiểm tra nguồn và cáp của máy in biên nhận, địa chỉ và tốc độ trong kiosk.toml"


class TicketPaperOut(TicketPrinterError):
    """The roll has come to its end."""

    code = "TICKET_PAPER_OUT"
    vi = "Máy in biên nhận hết giấy. Xin ghi lại hoặc chụp mã trên màn hình."
    en = "The ticket printer has no paper. Please note or photograph the code on the screen."
    remedy = "Put an 80 mm thermal roll in, printing side to the head, and shut the cover"
    cause_vi = "Hết cuộn giấy biên nhận"
    remedy_vi = "Lắp cuộn giấy nhiệt 80 mm, mặt in hướng về đầu in, rồi đóng nắp"


class TicketCoverOpen(TicketPrinterError):
    """The cover over the roll is not shut."""

    code = "TICKET_COVER_OPEN"
    vi = "Nắp máy in biên nhận đang mở. Xin ghi lại hoặc chụp mã trên màn hình."
    en = "The ticket printer's cover is open. Please note or photograph the code on the screen."
    remedy = "Shut the ticket printer's cover on both sides; if it is shut, check its switch"
    cause_vi = "Nắp trên cuộn giấy chưa đóng"
    remedy_vi = "Đóng nắp máy in biên nhận ở cả hai bên; nếu đã đóng, kiểm tra công tắc"


class TicketCutterJammed(TicketPrinterError):
    """The cutter does not return to its place."""

    code = "TICKET_CUTTER_JAMMED"
    vi = "Dao cắt biên nhận bị kẹt. Xin ghi lại hoặc chụp mã trên màn hình."
    en = "The ticket printer's cutter is stuck. Please note or photograph the code on the screen."
    remedy = "Switch the printer off, turn the cutter's wheel until the blade is back, take the paper dust out"
    cause_vi = "Dao cắt không về vị trí"
    remedy_vi = "Tắt máy in, xoay bánh dao đến khi lưỡi dao về chỗ, lấy bụi giấy ra"


class TicketPrinterFailed(TicketPrinterError):
    """The ticket printer reports an error that it can't recover from by itself."""

    code = "TICKET_FAILED"
    vi = "Máy in biên nhận gặp lỗi. Xin ghi lại hoặc chụp mã trên màn hình."
    en = "The ticket printer failed. Please note or photograph the code on the screen."
    remedy = "Let the head cool down, then switch the printer off and on; if it happens again, replace it"
    cause_vi = "Máy in biên nhận báo lỗi không tự hết"
    remedy_vi = "Để đầu in nguội, rồi tắt và bật lại máy in; nếu lặp lại thì thay"
