"""The QR code of a sheet that lies in the scanner; the picture is not kept."""

import asyncio
from io import BytesIO

import numpy as np
from PIL import Image

from agent.journeys.links import link_prefix
from agent.journeys.parts import Kiosk
from agent.reading.codes import find_codes
from contract.clock import Deadline


async def code_of(kiosk: Kiosk, deadline: Deadline) -> str:
    """Return the text of the first code on the sheet, blank where none can be read; raise ScannerError.

    A receipt may also bear a one-time link, which is the citizen's secret and is passed over.
    """
    texts = await asyncio.to_thread(_texts, await kiosk.scanner.scan_one(deadline))
    return next((text for text in texts if not text.startswith(link_prefix(kiosk))), "")


def _texts(sheet: bytes) -> list[str]:
    with Image.open(BytesIO(sheet)) as image:
        return [code.text for code in find_codes(np.asarray(image.convert("RGB")))]
