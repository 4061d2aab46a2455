"""Faults of the control board, through which notes, coins, lamp, lock and dispenser are driven."""

from agent.devices.errors.base import DeviceError


class ControlBoardError(DeviceError):
    """The control board can't be used; by itself it gives notes back, shuts the acceptors and locks the door."""

    money_vi = "Tiền đang giữ chờ được trả lại ngay; tiền đã nhận vẫn được máy đếm và ghi nhận."
    money_en = "A note that was held comes back at once; what was taken is counted by the machine and kept for you."


class ControlBoardUnreachable(ControlBoardError):
    """The control board is not there, or does not answer."""

    code = "BOARD_UNREACHABLE"
    vi = "Bộ phận thu tiền của trạm không phản hồi. Xin gọi nhân viên."
    en = "The kiosk's cash unit does not respond. Please call a member of staff."
    remedy = "Check the control board's USB cable and power, and the port's name in kiosk.toml"
    cause_vi = "Bo điều khiển không có hoặc không trả lời"
    remedy_vi = "Kiểm tra cáp USB và nguồn của bo điều khiển, và tên cổng trong kiosk.toml"


class ControlBoardTaken(ControlBoardError):
    """Another program holds the control board's port."""

    code = "BOARD_TAKEN"
    vi = "Bộ phận thu tiền của trạm đang được bảo trì. Xin chờ hoặc gọi nhân viên."
    en = "The kiosk's cash unit is being serviced. Please wait or call a member of staff."
    remedy = "End the other program that uses the port in kiosk.toml (`fuser -v` and the port)"
    cause_vi = "Chương trình khác đang giữ cổng của bo điều khiển"
    remedy_vi = "Tắt chương trình khác đang dùng cổng ghi trong kiosk.toml (`fuser -v` và tên cổng)"


class ControlBoardOutdated(ControlBoardError):
    """The control board's firmware speaks another version than this release."""

    code = "BOARD_OUTDATED"
    vi = "Bộ phận thu tiền của trạm cần được cập nhật. Xin gọi nhân viên."
    en = "The kiosk's cash unit needs an update. Please call a member of staff."
    remedy = "Flash the firmware of this release with `tram provision firmware`"
    cause_vi = "Phần mềm của bo điều khiển thuộc phiên bản khác"
    remedy_vi = "Nạp phần mềm của phiên bản này bằng `tram provision firmware`"
