"""Faults of the scanner: the citizen's original is in it or in front of it."""

from agent.devices.errors.base import DeviceError


class ScannerError(DeviceError):
    """The original could not be scanned."""

    paper_vi = "Giấy tờ của bạn vẫn nằm trong máy quét, máy không giữ lại; xin lấy ra."
    paper_en = "Your paper lies in the scanner and is not held back; please take it out."


class ScannerBusy(ScannerError):
    """Something else holds the scanner."""

    code = "SCANNER_BUSY"
    vi = "Máy quét đang bận, xin chờ một chút."
    en = "The scanner is busy, please wait a moment."
    remedy = "End the other program that holds the scanner (`fuser` on its USB node), or wait for its warm-up"
    cause_vi = "Có chương trình khác đang giữ máy quét"
    remedy_vi = "Tắt chương trình khác đang giữ máy quét (`fuser` với thiết bị USB), hoặc chờ máy nóng lên"


class ScannerJammed(ScannerError):
    """A sheet is stuck in the feeder."""

    code = "SCANNER_JAMMED"
    vi = "Giấy bị kẹt trong máy quét. Xin đừng kéo mạnh, nhân viên sẽ giúp bạn."
    en = "The paper is stuck in the scanner. Please don't pull; a member of staff will help."
    remedy = "Open the feeder, draw the sheet out in the direction of travel, and shut it"
    cause_vi = "Một tờ giấy kẹt trong khay nạp"
    remedy_vi = "Mở khay nạp, rút tờ giấy theo chiều giấy chạy, rồi đóng lại"
    paper_vi = "Một tờ đang kẹt trong khe nạp; các tờ đã qua nằm ở khay ra, các tờ chưa quét ở khay nạp."
    paper_en = "One sheet is stuck in the feeder; those before it lie in the output tray, the others in the input tray."


class ScannerDoubleFeed(ScannerError):
    """The feeder drew two sheets in at once, so one of them has no picture."""

    code = "SCANNER_DOUBLE_FEED"
    vi = "Máy quét kéo hai tờ cùng lúc. Xin tách rời các tờ, bỏ ghim rồi đặt lại từ đầu."
    en = "Two sheets went in at once. Please fan the sheets, take staples out, and put all of them in again."
    remedy = "Clean the separation pad and the pick roller; replace them when their count of sheets is over"
    cause_vi = "Khay nạp kéo hai tờ cùng lúc nên thiếu hình của một tờ"
    remedy_vi = "Lau miếng tách giấy và trục kéo giấy; thay khi đã quá số tờ cho phép"
    paper_vi = "Các tờ đã qua nằm ở khay ra, các tờ còn lại ở khay nạp của máy quét."
    paper_en = "Sheets that went through lie in the output tray, the others in the scanner's input tray."


class NoOriginal(ScannerError):
    """Nothing lies in the scanner."""

    code = "SCANNER_EMPTY"
    vi = "Không có giấy trong máy quét. Xin đặt bản chính vào."
    en = "There is no paper in the scanner. Please put the original in."
    remedy = "If paper is in, clean the feeder's paper sensor"
    cause_vi = "Không có gì trong máy quét"
    remedy_vi = "Nếu có giấy, lau cảm biến giấy của khay nạp"
    paper_vi = "Máy không giữ giấy tờ nào."
    paper_en = "The machine holds no paper of yours."


class ScannerCoverOpen(ScannerError):
    """The cover is not shut."""

    code = "SCANNER_COVER_OPEN"
    vi = "Nắp máy quét đang mở. Xin đóng nắp lại."
    en = "The scanner's cover is open. Please shut it."
    remedy = "Shut the cover; if it is shut, check its switch"
    cause_vi = "Nắp chưa đóng"
    remedy_vi = "Đóng nắp; nếu đã đóng, kiểm tra công tắc nắp"


class ScannerFailed(ScannerError):
    """The scanner broke off, or its picture is incomplete."""

    code = "SCANNER_FAILED"
    vi = "Máy quét gặp lỗi. Xin thử lại hoặc gọi nhân viên."
    en = "The scanner failed. Please try again or call a member of staff."
    remedy = "Check cable and power, then run `scanimage -d DEVICE -T`"
    cause_vi = "Máy quét dừng giữa chừng, hoặc hình không đủ"
    remedy_vi = "Kiểm tra cáp và nguồn, rồi chạy `scanimage -d THIẾT_BỊ -T`"


class ScannerSilent(ScannerError):
    """No picture came before the deadline; the scanning process was ended."""

    code = "SCANNER_SILENT"
    vi = "Máy quét không phản hồi. Xin thử lại hoặc gọi nhân viên."
    en = "The scanner does not respond. Please try again or call a member of staff."
    remedy = "Switch the scanner off and on; if it happens again, replace its cable"
    cause_vi = "Không có hình trước hạn; tiến trình quét đã bị dừng"
    remedy_vi = "Tắt rồi bật lại máy quét; nếu lặp lại, thay cáp"


class ScannerUnreachable(ScannerError):
    """The configured scanner, or the software that drives it, is not there."""

    code = "SCANNER_UNREACHABLE"
    vi = "Máy quét chưa sẵn sàng. Xin gọi nhân viên."
    en = "The scanner is not ready. Please call a member of staff."
    remedy = "Compare the name in kiosk.toml with `scanimage -L` (it comes with `apt-get install sane-utils`)"
    cause_vi = "Không có máy quét đã cấu hình, hoặc thiếu phần mềm điều khiển"
    remedy_vi = "So tên trong kiosk.toml với `scanimage -L` (có trong `apt-get install sane-utils`)"
