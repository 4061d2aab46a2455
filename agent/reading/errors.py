"""What can go wrong with reading, each with the citizen's sentence (vi), the plain one (en) and the remedy.

ReadingError
├── UnreadableFile
│   ├── EmptyFile        no bytes at all
│   ├── NotAnImage       neither a picture nor a PDF, whatever its name says
│   ├── BrokenImage      a picture that ends too early or contradicts itself
│   ├── BrokenPdf        a PDF that can't be opened
│   ├── EncryptedPdf     a PDF behind a password
│   ├── PdfTooComplex    a page of a PDF that takes too long, or too much memory, to draw
│   ├── TooManyPages     more pages than one paper has
│   ├── ImageTooSmall    too few pixels to carry a line of print
│   └── ImageTooLarge    more pixels than the desk takes
├── ReaderUnfit          the line reader can't write every Vietnamese letter, or takes other lines
└── DeskFailed
    ├── DeskCrashed      the reading process ended
    └── DeskTooSlow      the reading process missed its deadline
"""

from typing import ClassVar


class ReadingError(Exception):
    """A paper was not read; nothing was kept of it."""

    code: ClassVar[str] = "READING"
    vi: ClassVar[str] = "Không đọc được giấy tờ."
    en: ClassVar[str] = "The paper was not read."
    remedy: ClassVar[str] = "Scan the paper again."

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        cause = f"{self.en.removesuffix('.')} ({detail})." if detail else self.en
        super().__init__(f"{cause} {self.remedy}")

    def __reduce__(self) -> tuple[type["ReadingError"], tuple[str]]:
        """Travel between processes as the cause alone, so that the text is made once."""
        return type(self), (self.detail,)


class UnreadableFile(ReadingError):
    """What was handed in holds no page."""


class EmptyFile(UnreadableFile):
    """The file holds no bytes."""

    code = "EMPTY_FILE"
    vi = "Tệp quét rỗng. Vui lòng quét lại."
    en = "The file is empty."
    remedy = "Scan the paper again, or check that the file was copied completely."


class NotAnImage(UnreadableFile):
    """The bytes are no picture and no PDF."""

    code = "NOT_AN_IMAGE"
    vi = "Tệp không phải là ảnh hoặc PDF. Vui lòng chọn tệp khác."
    en = "The file is neither a picture nor a PDF, whatever its name says."
    remedy = "Hand in a PNG, JPEG, WebP, TIFF or PDF."


class BrokenImage(UnreadableFile):
    """The picture can't be decoded to its end."""

    code = "BROKEN_IMAGE"
    vi = "Ảnh bị hỏng. Vui lòng quét lại."
    en = "The picture is damaged and can't be decoded to its end."
    remedy = "Scan the paper again, or copy the file again from its source."


class BrokenPdf(UnreadableFile):
    """The PDF can't be opened."""

    code = "BROKEN_PDF"
    vi = "Tệp PDF bị hỏng. Vui lòng dùng tệp khác."
    en = "The PDF is damaged and can't be opened."
    remedy = "Copy the PDF again from its source, or scan the paper."


class EncryptedPdf(UnreadableFile):
    """The PDF asks for a password."""

    code = "ENCRYPTED_PDF"
    vi = "Tệp PDF có mật khẩu. Vui lòng gỡ mật khẩu rồi thử lại."
    en = "The PDF is encrypted."
    remedy = "Save it without a password, or scan the paper."


class PdfTooComplex(UnreadableFile):
    """A page of the PDF takes longer, or more memory, to draw than any paper does."""

    code = "PDF_TOO_COMPLEX"
    vi = "Tệp PDF quá phức tạp, không vẽ được trang. Vui lòng quét bản giấy."
    en = "A page of the PDF takes too long to draw."
    remedy = "Print the PDF elsewhere and scan the paper, or hand in a picture of the page."


class TooManyPages(UnreadableFile):
    """The file has more pages than one certified paper may have."""

    code = "TOO_MANY_PAGES"
    vi = "Tệp có quá nhiều trang. Vui lòng chia nhỏ giấy tờ."
    en = "The file has too many pages."
    remedy = "Split it into papers of at most 200 pages."


class ImageTooSmall(UnreadableFile):
    """The picture is smaller than a line of print."""

    code = "IMAGE_TOO_SMALL"
    vi = "Ảnh quá nhỏ để đọc. Vui lòng quét lại ở 300 dpi."
    en = "The picture is too small to read."
    remedy = "Scan the paper at 300 dpi."


class ImageTooLarge(UnreadableFile):
    """The picture has more pixels than an A4 page at 600 dpi; it is refused before it is decoded."""

    code = "IMAGE_TOO_LARGE"
    vi = "Ảnh quá lớn. Vui lòng quét lại ở 300 dpi."
    en = "The picture is too large."
    remedy = "Scan the paper at 300 dpi (at most A4 at 600 dpi)."


class ReaderUnfit(ReadingError):
    """The line reader lacks Vietnamese letters or takes lines of another height."""

    code = "READER_UNFIT"
    vi = "Bộ đọc chữ của trạm không phù hợp. Vui lòng gọi nhân viên."
    en = "The line reader does not fit this kiosk."
    remedy = "Install the weights that models/manifest.toml names and start again."


class DeskFailed(ReadingError):
    """The reading process gave no answer."""


class DeskCrashed(DeskFailed):
    """The reading process ended (out of memory, or a fault in a library); the next call starts a new one."""

    code = "DESK_CRASHED"
    vi = "Bộ đọc chữ vừa khởi động lại. Vui lòng quét lại."
    en = "The reading process ended before it answered."
    remedy = "Scan the paper again; if it happens twice, look at the kiosk's memory with `tram doctor`."


class DeskTooSlow(DeskFailed):
    """The reading process missed its deadline and was stopped."""

    code = "DESK_TOO_SLOW"
    vi = "Đọc giấy tờ quá lâu. Vui lòng quét lại."
    en = "The reading process missed its deadline."
    remedy = "Scan the paper again with fewer pages at once."
