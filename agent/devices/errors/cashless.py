"""Faults of the card reader: no sale was begun by this call, or it was withdrawn and nothing stays charged."""

from agent.devices.errors.base import DeviceError


class CashlessError(DeviceError):
    """Cards can't be taken now."""

    money_vi = "Thẻ của bạn không bị trừ tiền ở lần này; khoản đã giữ trên thẻ (nếu có) được ngân hàng trả lại."
    money_en = "Your card is not charged by this; what may have been held on it goes back to it."


class PaymentReaderSilent(CashlessError):
    """The card reader is unplugged or does not answer."""

    code = "CARD_SILENT"
    vi = "Đầu đọc thẻ chưa sẵn sàng. Xin trả bằng tiền mặt hoặc chuyển khoản."
    en = "The card reader is not ready. Please pay in cash or by transfer."
    remedy = "Check the card reader's MDB plug and its 34 V supply, then its network"
    cause_vi = "Đầu đọc thẻ ngân hàng bị rút phích hoặc không trả lời"
    remedy_vi = "Kiểm tra phích MDB của đầu đọc thẻ ngân hàng và nguồn 34 V, rồi đến mạng của nó"


class PaymentReaderFailed(CashlessError):
    """The card reader reports a defect of its own."""

    code = "CARD_FAILED"
    vi = "Đầu đọc thẻ gặp lỗi. Xin trả bằng tiền mặt hoặc chuyển khoản."
    en = "The card reader failed. Please pay in cash or by transfer."
    remedy = (
        "Switch the card reader off and on when no sale is held on it; if it happens again, have its maker see to it"
    )
    cause_vi = "Đầu đọc thẻ ngân hàng báo lỗi của chính nó"
    remedy_vi = "Tắt rồi bật lại đầu đọc thẻ khi không còn giao dịch treo; nếu lặp lại, gọi nhà sản xuất"


class PaymentReaderKeepsAll(CashlessError):
    """The card reader says that it can't give back what was held, so nothing is sold through it."""

    code = "CARD_NO_REFUND"
    vi = "Trạm này chưa nhận thẻ. Xin trả bằng tiền mặt hoặc chuyển khoản."
    en = "This kiosk can't take cards. Please pay in cash or by transfer."
    remedy = "Have refunds enabled in the reader's configuration (MDB options bit 0), or use another model"
    cause_vi = "Đầu đọc thẻ ngân hàng báo không hoàn được tiền đã giữ, nên không bán qua nó"
    remedy_vi = "Bật chức năng hoàn tiền trong cấu hình đầu đọc thẻ (MDB, bit tùy chọn 0), hoặc dùng loại khác"


class PaymentReaderBusy(CashlessError):
    """The card reader still holds the sale of an earlier citizen, whose copy is being decided on."""

    code = "CARD_BUSY"
    vi = "Đầu đọc thẻ đang bận trong ít phút. Xin trả bằng tiền mặt hoặc chuyển khoản, hoặc thử lại sau."
    en = "The card reader is busy for some minutes. Please pay in cash or by transfer, or try again later."
    remedy = "Wait until the sale before is settled; if it stays, see in the kiosk's ledger which visit holds it"
    cause_vi = "Đầu đọc thẻ ngân hàng còn giữ giao dịch của người trước, bản sao đang chờ quyết định"
    remedy_vi = "Chờ giao dịch trước kết thúc; nếu kéo dài, xem trong sổ của trạm lượt nào đang giữ"
