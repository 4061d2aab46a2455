"""Faults of the loudspeaker that reads the screen aloud; the screen says the same without it."""

from agent.devices.errors.base import DeviceError


class LoudspeakerError(DeviceError):
    """Nothing can be heard."""


class LoudspeakerUnreachable(LoudspeakerError):
    """The configured sound card, or the program that plays on it, is not there."""

    code = "LOUDSPEAKER_UNREACHABLE"
    vi = "Loa chưa sẵn sàng. Màn hình vẫn dùng được như thường."
    en = "The loudspeaker is not ready. The screen works as usual."
    remedy = "Check the name of the sound card in kiosk.toml (`aplay -L`) and that alsa-utils is installed"
    cause_vi = "Không có thẻ âm thanh đã cấu hình, hoặc thiếu chương trình phát"
    remedy_vi = "Kiểm tra tên thẻ âm thanh trong kiosk.toml (`aplay -L`) và đã cài alsa-utils"
