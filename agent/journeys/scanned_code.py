"""The QR code of a sheet that lies in the scanner; the picture is not kept."""

import asyncio
from io import BytesIO

import numpy as np
from PIL import Image

from agent.journeys.parts import Kiosk
from agent.reading.codes import find_codes
from contract.clock import Deadline


async def code_of(kiosk: Kiosk, deadline: Deadline) -> str:
    """Return the text of the first code on the sheet, blank where none can be read; raise ScannerError."""
    return await asyncio.to_thread(_qr, await kiosk.scanner.scan_one(deadline))


def _qr(sheet: bytes) -> str:
    with Image.open(BytesIO(sheet)) as image:
        codes = find_codes(np.asarray(image.convert("RGB")))
    return codes[0].text if codes else ""
