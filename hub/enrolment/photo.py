"""The QR codes on a photograph that somebody uploads; runs in the confined process (`hub.verify.confined`)."""

from collections.abc import Sequence

import cv2
import numpy as np
import zxingcpp


def texts(parts: Sequence[bytes]) -> bytes:
    """Return the codes' texts, one a line; of what is no picture, nothing."""
    found: list[str] = []
    for part in parts:
        pixels = cv2.imdecode(np.frombuffer(part, np.uint8), cv2.IMREAD_GRAYSCALE)
        if pixels is not None:
            kinds = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
            found += [each.text for each in zxingcpp.read_barcodes(pixels, formats=kinds)]
    return "\n".join(found).encode()
