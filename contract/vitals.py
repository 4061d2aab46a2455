"""What a kiosk measures of itself: the names under which it travels in `Telemetry.vitals`, with unit and words.

A kiosk leaves out what it can't measure and says why in `Telemetry.unknown`; a hub keeps vitals it does not know, too.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Vital:
    """One figure: its name on the wire, its unit as people read it, and its words."""

    name: str
    unit: str
    vi: str
    en: str


VITALS = (
    Vital(name="temperature_c", unit="°C", vi="Nhiệt độ bộ xử lý", en="Processor temperature"),
    Vital(name="under_voltage", unit="", vi="Thiếu điện áp (1 = có)", en="Under-voltage (1 = yes)"),
    Vital(name="disk_free_mb", unit="MB", vi="Ổ đĩa còn trống", en="Free disk"),
    Vital(name="storage_worn_percent", unit="%", vi="Độ mòn bộ nhớ", en="Storage worn"),
    Vital(name="storage_errors", unit="", vi="Lỗi hệ thống tệp", en="Errors of the file system"),
    Vital(name="tray_sheets", unit="tờ", vi="Giấy trong khay", en="Sheets in the tray"),
    Vital(name="toner_percent", unit="%", vi="Mực còn", en="Toner left"),
    Vital(name="ticket_roll", unit="", vi="Cuộn biên lai (1 = đủ)", en="Receipt roll (1 = enough)"),
    Vital(name="sheets_printed", unit="tờ", vi="Tổng tờ đã in", en="Sheets printed in all"),
    Vital(name="change_vnd", unit="đ", vi="Tiền lẻ trong máy", en="Change in the tubes"),
    Vital(name="visits_left", unit="lượt", vi="Tiền lẻ đủ cho", en="Visits the change lasts for"),
    Vital(name="cassette_vnd", unit="đ", vi="Tiền trong hộp", en="Money in the cassette"),
    Vital(name="open_visits", unit="lượt", vi="Lượt đang mở", en="Open visits"),
    Vital(name="unsent_messages", unit="tin", vi="Tin chờ gửi", en="Messages to be sent"),
    Vital(name="unsent_oldest_s", unit="s", vi="Tin chờ gửi lâu nhất", en="Oldest unsent message"),
    Vital(name="copies_today", unit="hồ sơ", vi="Bản sao hôm nay", en="Papers certified today"),
    Vital(name="money_today_vnd", unit="đ", vi="Tiền thu hôm nay", en="Money earned today"),
    Vital(name="certificate_days", unit="ngày", vi="Chứng thư còn hạn", en="Certificate valid for"),
    Vital(name="clock_drift_s", unit="s", vi="Lệch đồng hồ so với trung tâm", en="Clock ahead of the hub's"),
)
"""`clock_drift_s` is measured by the hub: the kiosk's moment less its own on arrival (R23)."""

BY_NAME = {vital.name: vital for vital in VITALS}
