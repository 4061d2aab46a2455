"""Pictures as they leave the attendant: JPEG in memory, never a file."""

import io

from numpy import uint8
from numpy.typing import NDArray
from PIL import Image

_QUALITY = 90


def jpeg(pixels: NDArray[uint8]) -> bytes:
    """Return RGB pixels (height, width, 3) as JPEG."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
