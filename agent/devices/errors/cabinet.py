"""Faults of the cabinet: its door, and the dispenser in it."""

from agent.devices.errors.base import DeviceError


class CabinetError(DeviceError):
    """Something about the kiosk's body is not in order."""

    paper_vi = "Bản chính của bạn không ở trong phần này của trạm."
    paper_en = "Your original is not in this part of the kiosk."


class DoorOpen(CabinetError):
    """The service door stands open."""

    code = "CABINET_DOOR_OPEN"
    vi = "Cửa trạm đang mở để bảo trì. Xin chờ hoặc gọi nhân viên."
    en = "The kiosk's door is open for service. Please wait or call a member of staff."
    remedy = "Shut the service door; if it is shut, check its switch"
    cause_vi = "Cửa bảo trì đang mở"
    remedy_vi = "Đóng cửa bảo trì; nếu cửa đã đóng, kiểm tra công tắc cửa"


class CabinetTampered(CabinetError):
    """The tamper switch was released without the lock being opened."""

    code = "CABINET_TAMPERED"
    vi = "Trạm tạm dừng để kiểm tra an toàn. Xin gọi nhân viên."
    en = "The kiosk has stopped for a safety check. Please call a member of staff."
    remedy = "Inspect door, cassette and cables, write down what you find, then set the tamper switch back"
    cause_vi = "Công tắc chống cạy bị nhả khi khóa chưa mở"
    remedy_vi = "Kiểm tra cửa, hộp tiền và dây cáp, ghi lại những gì thấy, rồi đặt lại công tắc chống cạy"


class DispenserJammed(CabinetError):
    """The dispenser's motor did not come home in time, or the door was opened while it ran."""

    code = "DISPENSER_JAMMED"
    vi = "Ngăn phát bị kẹt. Xin gọi nhân viên."
    en = "The dispenser is stuck. Please call a member of staff."
    remedy = "Open the door, free the dispenser's spiral, and turn it home by hand"
    cause_vi = "Động cơ ngăn phát không về vị trí đúng lúc, hoặc cửa bị mở khi đang chạy"
    remedy_vi = "Mở cửa, gỡ vòng xoắn của ngăn phát và xoay tay về vị trí đầu"


class PinsUnreachable(CabinetError):
    """The computer's pins for lamp, bolt and switches can't be had."""

    code = "CABINET_PINS_UNREACHABLE"
    vi = "Một bộ phận của trạm không phản hồi. Xin gọi nhân viên."
    en = "A part of the kiosk does not respond. Please call a member of staff."
    remedy = "Check the pins in kiosk.toml [cabinet], and that the user tram is in the group gpio"
    cause_vi = "Không dùng được các chân GPIO của đèn, chốt và công tắc"
    remedy_vi = "Kiểm tra các chân trong kiosk.toml [cabinet], và người dùng tram thuộc nhóm gpio"
