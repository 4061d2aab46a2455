"""What can go wrong with a device.

DeviceError
├── ScannerError
│   ├── ScannerBusy             something else holds the scanner
│   ├── ScannerJammed           a sheet is stuck in the feeder
│   ├── NoOriginal              nothing lies in the scanner
│   ├── ScannerCoverOpen        the cover is not shut
│   ├── ScannerFailed           the scanner or its picture is broken
│   ├── ScannerSilent           no picture before the deadline
│   └── ScannerUnreachable      no such device, or no scanner software
├── PagePrinterError
│   ├── PagePrinterUnreachable  no answer; nothing was sent by this call
│   └── PagePrinterRefused      it does not take the job; nothing is printed
│       └── PagePrinterBusy     it was at another job until the deadline; nothing is printed
├── CashUnavailable             no answer from the cash device
└── TicketNotPrinted            the slip did not come out

A print whose outcome nobody can know is no error but PrintOutcome.UNKNOWN: it goes to a person.
"""

from typing import ClassVar


class DeviceError(Exception):
    """A device can't do what was asked.

    `code` names the case for log and telemetry; `vi` and `en` are the citizen's sentence, `remedy` the technician's,
    `paper` and `money` say (in Vietnamese, for the same screen) what became of either.
    """

    code: ClassVar[str]
    vi: ClassVar[str]
    en: ClassVar[str]
    remedy: ClassVar[str]
    paper: ClassVar[str] = "Giấy tờ của bạn vẫn ở chỗ bạn đã đặt."
    money: ClassVar[str] = "Tiền đã nộp vẫn được ghi nhận cho lượt này."

    def __init__(self, cause: str = "") -> None:
        super().__init__(f"{cause}. {self.remedy}." if cause else f"{self.en} {self.remedy}.")


class ScannerError(DeviceError):
    """The original could not be scanned."""

    paper = "Giấy tờ của bạn vẫn nằm trong máy quét, chưa bị giữ lại."


class ScannerBusy(ScannerError):
    """Something else holds the scanner."""

    code = "SCANNER_BUSY"
    vi = "Máy quét đang bận, xin chờ một chút."
    en = "The scanner is busy, please wait a moment."
    remedy = "End the other program that holds the scanner (`fuser` on its USB node), or wait for its warm-up"


class ScannerJammed(ScannerError):
    """A sheet is stuck in the feeder."""

    code = "SCANNER_JAMMED"
    vi = "Giấy bị kẹt trong máy quét. Xin đừng kéo mạnh, nhân viên sẽ giúp bạn."
    en = "The paper is stuck in the scanner. Please don't pull; a member of staff will help."
    remedy = "Open the feeder, draw the sheet out in the direction of travel, and shut it"


class NoOriginal(ScannerError):
    """Nothing lies in the scanner."""

    code = "SCANNER_EMPTY"
    vi = "Không có giấy trong máy quét. Xin đặt bản chính vào."
    en = "There is no paper in the scanner. Please put the original in."
    remedy = "If paper is in, clean the feeder's paper sensor"
    paper = "Máy không giữ giấy tờ nào."


class ScannerCoverOpen(ScannerError):
    """The cover is not shut."""

    code = "SCANNER_COVER_OPEN"
    vi = "Nắp máy quét đang mở. Xin đóng nắp lại."
    en = "The scanner's cover is open. Please shut it."
    remedy = "Shut the cover; if it is shut, check its switch"


class ScannerFailed(ScannerError):
    """The scanner broke off, or its picture is incomplete."""

    code = "SCANNER_FAILED"
    vi = "Máy quét gặp lỗi. Xin thử lại hoặc gọi nhân viên."
    en = "The scanner failed. Please try again or call a member of staff."
    remedy = "Check cable and power, then run `scanimage -d DEVICE -T`"


class ScannerSilent(ScannerError):
    """No picture came before the deadline; the scanning process was ended."""

    code = "SCANNER_SILENT"
    vi = "Máy quét không phản hồi. Xin thử lại hoặc gọi nhân viên."
    en = "The scanner does not respond. Please try again or call a member of staff."
    remedy = "Switch the scanner off and on; if it happens again, replace its cable"


class ScannerUnreachable(ScannerError):
    """The configured scanner, or the software that drives it, is not there."""

    code = "SCANNER_UNREACHABLE"
    vi = "Máy quét chưa sẵn sàng. Xin gọi nhân viên."
    en = "The scanner is not ready. Please call a member of staff."
    remedy = "Compare the name in kiosk.toml with `scanimage -L` (it comes with `apt-get install sane-utils`)"
    paper = "Máy không giữ giấy tờ nào."


class PagePrinterError(DeviceError):
    """The page printer can't be used; nothing of this order was sent."""

    paper = "Chưa có trang nào được in."


class PagePrinterUnreachable(PagePrinterError):
    """The page printer does not answer; this call sent nothing."""

    code = "PRINTER_UNREACHABLE"
    vi = "Máy in không phản hồi. Bản sao vẫn được giữ, nhân viên sẽ giúp bạn."
    en = "The printer does not answer. Your copy is kept; a member of staff will help."
    remedy = "Check the printer's power and network, and its address in kiosk.toml"


class PagePrinterRefused(PagePrinterError):
    """The page printer answered, but does not take the job."""

    code = "PRINTER_REFUSED"
    vi = "Máy in không nhận lệnh in. Bản sao vẫn được giữ, nhân viên sẽ giúp bạn."
    en = "The printer does not take the job. Your copy is kept; a member of staff will help."
    remedy = "Check that the printer accepts application/pdf and jobs at all (IPP status in the cause)"


class PagePrinterBusy(PagePrinterRefused):
    """The page printer was at another job until the deadline."""

    code = "PRINTER_BUSY"
    vi = "Máy in đang bận, xin chờ một chút."
    en = "The printer is busy, please wait a moment."
    remedy = "See at the printer's panel which job holds it up, and cancel it"


class CashUnavailable(DeviceError):
    """The cash device does not answer."""

    code = "CASH_UNAVAILABLE"
    vi = "Máy thu tiền chưa sẵn sàng. Xin gọi nhân viên."
    en = "The cash device is not ready. Please call a member of staff."
    remedy = "Check the cash device's power and cable; its own counters keep what it holds"


class TicketNotPrinted(DeviceError):
    """The slip did not come out of the ticket printer."""

    code = "TICKET_NOT_PRINTED"
    vi = "Không in được biên nhận. Xin ghi lại mã trên màn hình."
    en = "The slip could not be printed. Please note the code on the screen."
    remedy = "Check paper roll and cover of the ticket printer"
