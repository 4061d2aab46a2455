"""Faults of the cameras that look at the paper or at the person; nothing physical is in their hands."""

from agent.devices.errors.base import DeviceError


class CameraError(DeviceError):
    """There is no picture."""


class CameraUnreachable(CameraError):
    """The configured camera, or the software that drives it, is not there."""

    code = "CAMERA_UNREACHABLE"
    vi = "Máy ảnh chưa sẵn sàng. Xin gọi nhân viên."
    en = "The camera is not ready. Please call a member of staff."
    remedy = "Check the camera's cable and its name in kiosk.toml (`v4l2-ctl --list-devices`, `rpicam-hello --list`)"
    cause_vi = "Không có máy ảnh đã cấu hình, hoặc thiếu phần mềm điều khiển"
    remedy_vi = "Kiểm tra cáp máy ảnh và tên của nó trong kiosk.toml (`v4l2-ctl --list-devices`, `rpicam-hello --list`)"


class CameraSilent(CameraError):
    """The camera opened, but no frame came in time."""

    code = "CAMERA_SILENT"
    vi = "Máy ảnh không gửi hình. Xin thử lại hoặc gọi nhân viên."
    en = "The camera sends no picture. Please try again or call a member of staff."
    remedy = "End the other program that holds the camera (`fuser /dev/video*`); if there is none, change its USB port"
    cause_vi = "Máy ảnh đã mở nhưng không có khung hình nào đến kịp"
    remedy_vi = "Tắt chương trình khác đang giữ máy ảnh (`fuser /dev/video*`); nếu không có, đổi cổng USB"


class CameraLost(CameraError):
    """The camera went away between two frames."""

    code = "CAMERA_LOST"
    vi = "Mất kết nối với máy ảnh. Xin thử lại hoặc gọi nhân viên."
    en = "The connection to the camera was lost. Please try again or call a member of staff."
    remedy = "Seat the camera's cable; if it happens again, see `dmesg` for its power and replace the cable"
    cause_vi = "Máy ảnh mất kết nối giữa hai khung hình"
    remedy_vi = "Cắm chặt cáp máy ảnh; nếu lặp lại, xem nguồn điện của nó trong `dmesg` và thay cáp"
