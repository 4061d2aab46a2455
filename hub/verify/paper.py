"""Finding the seal in a picture: a photograph, a scan, or a page of a PDF as rendered."""

import io

import cv2
import numpy as np
import pypdfium2 as pdfium
import zxingcpp
from numpy.typing import NDArray
from PIL import Image, ImageOps

from hub.verify.seals import judge_text
from hub.verify.trust import Trust
from hub.verify.values import Reason, SealFinding

MIN_SIDE_PX = 64
MAX_SIDE_PX = 12_000
RENDER_DPI = 200

Grey = NDArray[np.uint8]


def from_image(data: bytes) -> Grey | None:
    """Return the picture upright in grey, or None where the bytes are no picture that may be decoded here."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if max(picture.size) > MAX_SIDE_PX or min(picture.size) < MIN_SIDE_PX:
                return None
            return np.asarray(ImageOps.exif_transpose(picture).convert("L"), dtype=np.uint8)
    except (OSError, ValueError, Image.DecompressionBombError, SyntaxError):
        return None


def last_page(pdf: pdfium.PdfDocument) -> Grey:
    """Return the last page of a PDF in grey at 200 dpi; the seal stands there."""
    page = pdf[len(pdf) - 1]
    scale = min(RENDER_DPI / 72, MAX_SIDE_PX / max(page.get_size()))
    return np.asarray(page.render(scale=scale, grayscale=True).to_numpy(), dtype=np.uint8).squeeze()


def qr_texts(picture: Grey) -> list[str]:
    """Return what the QR codes in a picture say; a small or soft picture is tried enlarged too."""
    for scale in (1.0, 2.0, 0.5):
        resized = (
            picture if scale == 1.0 else cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        )
        codes = zxingcpp.read_barcodes(resized, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
        if codes:
            return [code.text for code in codes]
    return []


def seal_in(picture: Grey, trust: Trust | None) -> SealFinding:
    """Return the seal of the first QR that holds one, judged against the trusted certificates."""
    findings = [judge_text(text, trust) for text in qr_texts(picture)]
    best = [each for each in findings if each.seal is not None] + findings
    return best[0] if best else SealFinding(seal=None, reasons=(Reason.NO_SEAL,), detail="no QR code was found")
