"""QR codes that carry an enrolment between a kiosk without network and its hub: drawn and read as pictures."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import segno
import zxingcpp

from contract.enrolment import EnrolmentWrong, joined

Pixels = npt.NDArray[np.uint8]

_PX_PER_MODULE = 8
_TRIES = 3000
"""So many frames a camera is looked at: about two minutes."""


def draw(texts: Sequence[str], folder: Path, name: str) -> list[Path]:
    """Write one PNG a text; return the files."""
    paths = [folder / f"{name}-{place}.png" for place in range(1, len(texts) + 1)]
    for text, path in zip(texts, paths, strict=True):
        segno.make(text, error="m", micro=False).save(str(path), scale=_PX_PER_MODULE, border=4)
    return paths


def texts_in(pictures: Iterable[Path]) -> list[str]:
    """Return the texts of all QR codes on the pictures; raise EnrolmentWrong for a file that is no picture."""
    return [text for picture in pictures for text in _texts(_opened(picture))]


def from_camera(device: str, kind: str) -> bytes:
    """Look through a camera (its number, or a video file) until all parts were held before it; raise EnrolmentWrong."""
    camera = cv2.VideoCapture(int(device) if device.isdecimal() else device)
    if not camera.isOpened():
        raise EnrolmentWrong(f"The camera {device} can't be opened. See `v4l2-ctl --list-devices` for its number.")
    try:
        return _whole(_frames(camera), kind)
    finally:
        camera.release()


def _whole(frames: Iterator[Pixels], kind: str) -> bytes:
    seen: set[str] = set()
    missing = EnrolmentWrong(
        f"No QR code that begins with {kind} came before the camera. Hold it nearer, without glare."
    )
    for frame in frames:
        fresh = set(_texts(frame)) - seen
        if not fresh:
            continue
        seen |= fresh
        try:
            return joined(kind, seen)
        except EnrolmentWrong as fault:
            missing = fault
    raise missing


def _frames(camera: cv2.VideoCapture) -> Iterator[Pixels]:
    for _ in range(_TRIES):
        there, frame = camera.read()
        if not there:
            return
        yield frame.astype(np.uint8)


def _opened(picture: Path) -> Pixels:
    pixels = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    if pixels is None:
        raise EnrolmentWrong(f"{picture} is no picture that can be read. Take PNG or JPEG.")
    return pixels.astype(np.uint8)


def _texts(pixels: Pixels) -> list[str]:
    kinds = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    return [found.text for found in zxingcpp.read_barcodes(pixels, formats=kinds)]
