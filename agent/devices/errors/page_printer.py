"""Faults of the A4 printer; the citizen's original is not in it."""

from agent.devices.errors.base import DeviceError


class PagePrinterError(DeviceError):
    """The page printer can't be used; nothing of this order was sent."""

    paper_vi = "Chưa có trang nào được in. Bản chính của bạn không ở trong máy in."
    paper_en = "No page was printed. Your original is not in the printer."


class PagePrinterUnreachable(PagePrinterError):
    """The page printer does not answer; this call sent nothing."""

    code = "PRINTER_UNREACHABLE"
    vi = "Máy in không phản hồi. Bản sao vẫn được giữ, nhân viên sẽ giúp bạn."
    en = "The printer does not answer. Your copy is kept; a member of staff will help."
    remedy = "Check the printer's power and network, and its address in kiosk.toml"
    cause_vi = "Máy in không trả lời; chưa gửi gì"
    remedy_vi = "Kiểm tra nguồn và mạng của máy in, và địa chỉ trong kiosk.toml"


class PagePrinterRefused(PagePrinterError):
    """The page printer answered, but does not take the job."""

    code = "PRINTER_REFUSED"
    vi = "Máy in không nhận lệnh in. Bản sao vẫn được giữ, nhân viên sẽ giúp bạn."
    en = "The printer does not take the job. Your copy is kept; a member of staff will help."
    remedy = "Check that the printer accepts application/pdf and jobs at all (IPP status in the cause)"
    cause_vi = "Máy in trả lời nhưng không nhận lệnh in"
    remedy_vi = "Kiểm tra máy in có nhận application/pdf và có nhận lệnh in không (mã IPP ghi trong nhật ký)"


class PagePrinterBusy(PagePrinterRefused):
    """The page printer was at another job until the deadline."""

    code = "PRINTER_BUSY"
    vi = "Máy in đang bận, xin chờ một chút."
    en = "The printer is busy, please wait a moment."
    remedy = "See at the printer's panel which job holds it up, and cancel it"
    cause_vi = "Máy in bận lệnh khác đến hết hạn"
    remedy_vi = "Xem trên bảng máy in lệnh nào đang giữ máy và hủy lệnh đó"


class PagePrinterPaperOut(PagePrinterError):
    """No A4 paper in any tray."""

    code = "PRINTER_PAPER_OUT"
    vi = "Máy in hết giấy A4. Bản sao vẫn được giữ, nhân viên sẽ thêm giấy."
    en = "The printer has no A4 paper. Your copy is kept; a member of staff will put paper in."
    remedy = "Put A4 paper in the tray and shut it until it clicks"
    cause_vi = "Không khay nào còn giấy A4"
    remedy_vi = "Cho giấy A4 vào khay và đẩy khay vào đến khi nghe tiếng khớp"


class PagePrinterJammed(PagePrinterError):
    """A sheet is stuck in the printer."""

    code = "PRINTER_JAMMED"
    vi = "Máy in bị kẹt giấy. Bản sao vẫn được giữ, nhân viên sẽ giúp bạn."
    en = "Paper is stuck in the printer. Your copy is kept; a member of staff will help."
    remedy = "Take the stuck sheet out in the direction of travel, destroy it if it bears a copy, and shut the printer"
    cause_vi = "Một tờ giấy kẹt trong máy in"
    remedy_vi = "Rút tờ kẹt theo chiều giấy chạy, hủy nếu đã in bản sao, rồi đóng máy in"


class PagePrinterCoverOpen(PagePrinterError):
    """A cover or door of the printer is open."""

    code = "PRINTER_COVER_OPEN"
    vi = "Nắp máy in đang mở. Bản sao vẫn được giữ, nhân viên sẽ giúp bạn."
    en = "The printer's cover is open. Your copy is kept; a member of staff will help."
    remedy = "Shut every cover and tray of the printer; if they are shut, check their switches"
    cause_vi = "Nắp hoặc cửa máy in đang mở"
    remedy_vi = "Đóng mọi nắp và khay của máy in; nếu đã đóng, kiểm tra các công tắc"


class PagePrinterSupplyEmpty(PagePrinterError):
    """Toner, ink or another supply has come to its end."""

    code = "PRINTER_SUPPLY_EMPTY"
    vi = "Máy in hết mực. Bản sao vẫn được giữ, nhân viên sẽ thay mực."
    en = "The printer has no toner. Your copy is kept; a member of staff will replace it."
    remedy = "Replace the supply that the printer's panel names"
    cause_vi = "Hết mực hoặc vật tư khác"
    remedy_vi = "Thay vật tư mà bảng máy in nêu tên"


class PagePrinterStopped(PagePrinterError):
    """The printer has stopped for a reason that it names in its own words."""

    code = "PRINTER_STOPPED"
    vi = "Máy in đang tạm dừng. Bản sao vẫn được giữ, nhân viên sẽ giúp bạn."
    en = "The printer has stopped. Your copy is kept; a member of staff will help."
    remedy = "Do what the printer's panel asks for, then resume it there"
    cause_vi = "Máy in dừng vì lý do do chính nó nêu"
    remedy_vi = "Làm theo bảng máy in yêu cầu, rồi cho chạy tiếp ở đó"
