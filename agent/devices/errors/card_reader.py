"""Faults of the chip card's reader; the card never leaves its holder's reach, and nothing is charged by it."""

from agent.devices.errors.base import DeviceError


class CardReaderError(DeviceError):
    """The chip of the identity card can't be read."""

    paper_vi = "Thẻ của bạn vẫn nằm trên đầu đọc; xin lấy lại thẻ. Giấy tờ khác vẫn ở chỗ bạn đã đặt."
    paper_en = "Your card still lies on the reader; please take it back. Other papers are where you put them."


class CardReaderUnreachable(CardReaderError):
    """The configured reader, or the PC/SC service that drives it, is not there."""

    code = "CARD_READER_UNREACHABLE"
    vi = "Đầu đọc thẻ chưa sẵn sàng. Xin gọi nhân viên."
    en = "The card reader is not ready. Please call a member of staff."
    remedy = "Check the reader's USB cable, its name in kiosk.toml, and the service (`systemctl status pcscd.socket`)"
    cause_vi = "Không có đầu đọc đã cấu hình, hoặc dịch vụ PC/SC không chạy"
    remedy_vi = "Kiểm tra cáp USB của đầu đọc, tên trong kiosk.toml và dịch vụ (`systemctl status pcscd.socket`)"


class CardReaderBusy(CardReaderError):
    """Another program holds the card."""

    code = "CARD_READER_BUSY"
    vi = "Đầu đọc thẻ đang bận. Xin chờ một lát rồi thử lại."
    en = "The card reader is busy. Please wait a moment and try again."
    remedy = "End the other program that uses the reader (`fuser /run/pcscd/pcscd.comm`)"
    cause_vi = "Chương trình khác đang giữ thẻ"
    remedy_vi = "Tắt chương trình khác đang dùng đầu đọc (`fuser /run/pcscd/pcscd.comm`)"


class CardReaderFailed(CardReaderError):
    """The reader, or the way to the card, reports an error."""

    code = "CARD_READER_FAILED"
    vi = "Không đọc được thẻ. Xin đặt lại thẻ cho đúng chỗ và thử lại."
    en = "The card can't be read. Please lay it down again in its place and try again."
    remedy = "Try a known good card; if it fails too, pull the reader's USB plug and put it in again, or replace it"
    cause_vi = "Đầu đọc, hoặc đường truyền đến thẻ, báo lỗi"
    remedy_vi = "Thử một thẻ chắc chắn tốt; nếu vẫn lỗi, rút USB của đầu đọc rồi cắm lại, hoặc thay đầu đọc"


class NoCard(CardReaderError):
    """No card lies on the reader."""

    code = "CARD_MISSING"
    vi = "Xin đặt thẻ căn cước lên đầu đọc."
    en = "Please lay your identity card on the reader."
    remedy = "Lay a card on the reader; if it is not seen, clean the reader and try a known good card"
    cause_vi = "Không có thẻ trên đầu đọc"
    remedy_vi = "Đặt một thẻ lên đầu đọc; nếu không nhận ra, lau đầu đọc và thử một thẻ chắc chắn tốt"
    paper_vi = "Không có thẻ nào trên đầu đọc. Giấy tờ khác vẫn ở chỗ bạn đã đặt."
    paper_en = "No card lies on the reader. Other papers are where you put them."


class CardRemoved(CardReaderError):
    """The card was taken away while it was being read."""

    code = "CARD_REMOVED"
    vi = "Thẻ đã được lấy ra trước khi đọc xong. Xin đặt lại thẻ và giữ yên."
    en = "The card was taken away before it was read. Please lay it down again and leave it there."
    remedy = "Let the citizen lay the card down again; if cards are lost without being touched, replace the reader"
    cause_vi = "Thẻ bị lấy ra khi đang đọc"
    remedy_vi = "Để công dân đặt lại thẻ; nếu mất thẻ dù không ai chạm vào, thay đầu đọc"
    paper_vi = "Thẻ không còn trên đầu đọc. Giấy tờ khác vẫn ở chỗ bạn đã đặt."
    paper_en = "The card is no longer on the reader. Other papers are where you put them."


class CardMute(CardReaderError):
    """The card does not answer."""

    code = "CARD_MUTE"
    vi = "Thẻ không phản hồi. Xin đặt lại thẻ, mặt có chíp hướng vào đầu đọc."
    en = "The card does not answer. Please lay it down again with the chip towards the reader."
    remedy = "Turn the card round; if a known good card stays mute too, replace the reader, else the chip is defective"
    cause_vi = "Thẻ không trả lời"
    remedy_vi = "Lật thẻ lại; nếu thẻ tốt cũng không trả lời, thay đầu đọc, nếu không thì chip của thẻ hỏng"
