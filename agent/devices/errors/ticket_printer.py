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


class TicketPaperOut(TicketPrinterError):
    """The roll has come to its end."""

    code = "TICKET_PAPER_OUT"
    vi = "Máy in biên nhận hết giấy. Xin ghi lại hoặc chụp mã trên màn hình."
    en = "The ticket printer has no paper. Please note or photograph the code on the screen."
    remedy = "Put an 80 mm thermal roll in, printing side to the head, and shut the cover"


class TicketCoverOpen(TicketPrinterError):
    """The cover over the roll is not shut."""

    code = "TICKET_COVER_OPEN"
    vi = "Nắp máy in biên nhận đang mở. Xin ghi lại hoặc chụp mã trên màn hình."
    en = "The ticket printer's cover is open. Please note or photograph the code on the screen."
    remedy = "Shut the ticket printer's cover on both sides; if it is shut, check its switch"


class TicketCutterJammed(TicketPrinterError):
    """The cutter does not return to its place."""

    code = "TICKET_CUTTER_JAMMED"
    vi = "Dao cắt biên nhận bị kẹt. Xin ghi lại hoặc chụp mã trên màn hình."
    en = "The ticket printer's cutter is stuck. Please note or photograph the code on the screen."
    remedy = "Switch the printer off, turn the cutter's wheel until the blade is back, take the paper dust out"


class TicketPrinterFailed(TicketPrinterError):
    """The ticket printer reports an error that it can't recover from by itself."""

    code = "TICKET_FAILED"
    vi = "Máy in biên nhận gặp lỗi. Xin ghi lại hoặc chụp mã trên màn hình."
    en = "The ticket printer failed. Please note or photograph the code on the screen."
    remedy = "Let the head cool down, then switch the printer off and on; if it happens again, replace it"
