"""Faults of a coin acceptor that has no escrow: what fell through it is in the box or in the tray."""

from agent.devices.errors.base import DeviceError


class CoinAcceptorError(DeviceError):
    """The coin acceptor can't be used; coins are not let in."""

    money_vi = "Xu đã được máy đếm vẫn được ghi nhận; xu chưa đếm rơi xuống khay trả."
    money_en = "Coins that were counted are kept in your favour; others fall into the return tray."


class CoinAcceptorSilent(CoinAcceptorError):
    """The coin acceptor is not there, or does not answer."""

    code = "COINS_SILENT"
    vi = "Máy nhận xu chưa sẵn sàng. Xin dùng tiền giấy hoặc chuyển khoản."
    en = "The coin acceptor is not ready. Please pay with notes or by transfer."
    remedy = "Check the coin acceptor's 12 V supply and cable, and its address in kiosk.toml"
    cause_vi = "Máy nhận xu không có hoặc không trả lời"
    remedy_vi = "Kiểm tra nguồn 12 V và cáp của máy nhận xu, và địa chỉ trong kiosk.toml"


class CoinAcceptorGarbled(CoinAcceptorError):
    """What the coin acceptor says can't be read, again and again."""

    code = "COINS_GARBLED"
    vi = "Máy nhận xu đang bị nhiễu. Xin dùng tiền giấy hoặc chuyển khoản."
    en = "The line to the coin acceptor is disturbed. Please pay with notes or by transfer."
    remedy = 'Check the ccTalk cable\'s ground and length; only one host may be on the line; try `checksum = "crc"`'
    cause_vi = "Tín hiệu của máy nhận xu liên tục không đọc được"
    remedy_vi = 'Kiểm tra dây mát và độ dài cáp ccTalk; chỉ một máy chủ trên đường dây; thử `checksum = "crc"`'


class CoinTableDiffers(CoinAcceptorError):
    """The acceptor's own names of its coins contradict kiosk.toml; nothing is let in."""

    code = "COINS_MISNAMED"
    vi = "Máy nhận xu cần nhân viên kiểm tra. Xin dùng tiền giấy hoặc chuyển khoản."
    en = "The coin acceptor needs a technician. Please pay with notes or by transfer."
    remedy = "Correct the coins' values in kiosk.toml, or have the acceptor programmed for them"
    cause_vi = "Tên xu của máy nhận xu trái với kiosk.toml; không nhận xu nào"
    remedy_vi = "Sửa giá trị xu trong kiosk.toml, hoặc cho lập trình lại máy nhận xu"
