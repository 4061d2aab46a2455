"""Every reader that is measured, ours and the peers', opened inside a process of its own.

Each is imported only when it is opened, so that a process holds no other reader's library.
"""

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Rgb = NDArray[np.uint8]
_WIDTH_STEP_PX = 240
MODELS = Path(__file__).parents[2] / "models"

OURS, OURS_SMALL, OURS_TFLITE, ASTER = "trạm", "trạm, small net", "trạm, TFLite", "asterocr 1.0.2"
TESSERACT, TESSERACT_BEST, RAPID = "tesseract vie fast", "tesseract vie best_int", "rapidocr 1.4.4"


def grey_picture(file: Path) -> Grey:
    """Return the pixels of a picture file, (height, width)."""
    import cv2

    return np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


class LineReader(Protocol):
    """Reads cut lines."""

    def read(self, crops: Sequence[Grey], /) -> Sequence[tuple[str, float]]:
        """Return text and confidence of each grey crop."""


class PageReader(Protocol):
    """Reads a whole page as it was scanned."""

    def read_page(self, pixels: Rgb, dpi: int | None, /) -> list[str]:
        """Return the texts of its lines."""


def _own_lines(_: Path | None) -> LineReader:
    from agent.reading import opened

    return opened.line_reader()


def _small_lines(_: Path | None) -> LineReader:
    from agent.reading import opened

    return opened.line_reader("line-reader-small")


class _TfliteLines:
    """Our net on tflite-runtime: one interpreter for each step of width, as a device would keep them."""

    def __init__(self) -> None:
        from agent.reading.line_reader import NetCard

        self._card = msgspec.json.decode((MODELS / "line_reader.json").read_bytes(), type=NetCard)
        self._nets: dict[int, _Tflite] = {}

    def read(self, crops: Sequence[Grey], /) -> list[tuple[str, float]]:
        """Return text and confidence of each crop."""
        return [self._read_line(crop) for crop in crops]

    def _read_line(self, crop: Grey) -> tuple[str, float]:
        from agent.reading.ctc import decode
        from agent.reading.line_view import fit_height, prepare

        line = prepare(fit_height(crop))
        width = -(-line.shape[-1] // _WIDTH_STEP_PX) * _WIDTH_STEP_PX
        if width not in self._nets:
            self._nets[width] = _Tflite(width)
        net = self._nets[width]
        padded = np.pad(line, ((0, 0), (0, 0), (0, 0), (0, width - line.shape[-1])), mode="edge")
        read = decode(net.logits(padded.transpose(0, 2, 3, 1)), self._card.charset, self._card.temperature)
        return read.text, read.confidence


class _Tflite:
    """The net at one width."""

    def __init__(self, width_px: int) -> None:
        from agent.identity.tflite import Interpreter

        self._net = Interpreter(str(MODELS / "line_reader.tflite"), num_threads=1)
        self._in, self._out = (
            side[0]["index"] for side in (self._net.get_input_details(), self._net.get_output_details())
        )
        self._net.resize_tensor_input(self._in, (1, 40, width_px, 1))
        self._net.allocate_tensors()

    def logits(self, line: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the logits [steps, classes] of a line [1, 40, width, 1]."""
        self._net.set_tensor(self._in, np.ascontiguousarray(line))
        self._net.invoke()
        logits: NDArray[np.float32] = self._net.get_tensor(self._out)[0, 0]
        return logits


def _aster_lines(_: Path | None) -> LineReader:
    from tests.bench.peers.aster import AsterReader

    return AsterReader()


def _rapid_lines(_: Path | None) -> LineReader:
    from tests.bench.peers.ppocr import PaddleReader

    return PaddleReader()


def _tesseract_lines(tessdata: Path | None) -> LineReader:
    from tests.bench.peers.tesseract import TesseractReader

    _require_tesseract()
    return TesseractReader(tessdata)


class _OwnPages:
    """The whole of our reading: page found, lines found and read, facts and findings."""

    def __init__(self, line_reader: Literal["line-reader", "line-reader-small"] = "line-reader") -> None:
        from agent.desk_child import give_memory_back
        from agent.reading import opened

        self._reader = opened.page_reader(line_reader)
        self._give_memory_back = give_memory_back

    def read_page(self, pixels: Rgb, dpi: int | None, /) -> list[str]:
        """Return the texts of its lines."""
        from agent.reading.page import find_page
        from agent.reading.understand import understand

        reading = self._reader.read(find_page(pixels, dpi), 1)
        understand([reading.read], [reading.seals])
        self._give_memory_back()  # as the desk does after every page
        return [line.text for line in reading.read.lines]


class _PaddlePages:
    """PP-OCR's detector, and a line reader on what it cuts out."""

    def __init__(self, lines: LineReader) -> None:
        from tests.bench.peers.ppocr import PaddleFinder

        self._finder, self._lines = PaddleFinder(), lines

    def read_page(self, pixels: Rgb, dpi: int | None, /) -> list[str]:
        """Return the texts of its lines."""
        return [text for text, _ in self._lines.read([line.crop for line in self._finder.find(pixels)])]


class _TesseractPages:
    """Tesseract finds and reads; the picture as it is."""

    def __init__(self, tessdata: Path | None) -> None:
        from tests.bench.peers.tesseract import TesseractReader

        _require_tesseract()
        self._reader = TesseractReader(tessdata)

    def read_page(self, pixels: Rgb, dpi: int | None, /) -> list[str]:
        """Return the texts of its lines."""
        return self._reader.read_page(pixels)


def _require_tesseract() -> None:
    if shutil.which("tesseract") is None:
        raise ModuleNotFoundError("The peer tesseract is not installed. Run `make setup`, which installs it.")


LINES: Mapping[str, Callable[[Path | None], LineReader]] = {
    OURS: _own_lines,
    OURS_SMALL: _small_lines,
    OURS_TFLITE: lambda _: _TfliteLines(),
    ASTER: _aster_lines,
    TESSERACT: lambda _: _tesseract_lines(None),
    TESSERACT_BEST: _tesseract_lines,
    RAPID: _rapid_lines,
}
"""What opens each reader of lines; the argument is the folder of best_int's `vie.traineddata`."""

PAGES: Mapping[str, Callable[[Path | None], PageReader]] = {
    OURS: lambda _: _OwnPages(),
    OURS_SMALL: lambda _: _OwnPages("line-reader-small"),
    ASTER: lambda _: _PaddlePages(_aster_lines(None)),
    TESSERACT: lambda _: _TesseractPages(None),
    TESSERACT_BEST: _TesseractPages,
    RAPID: lambda _: _PaddlePages(_rapid_lines(None)),
}
"""What opens each reader of pages; asterocr finds no lines itself and gets PP-OCR's."""
