"""Reading the identity card that is held before the camera and laid on the reader: its chip, else its print.

The code printed on the card opens the chip; the chip's portrait and data are worth what passive authentication says of
them. A card without a chip, or whose chip does not answer, is known by its print alone: prefill, never proof.
"""

import asyncio
import logging
from contextlib import suppress

from agent.apart import WorkerCrashed, run_apart
from agent.attendant.pictures import jpeg
from agent.attendant.portrait import portrait_on
from agent.devices.camera import Camera, Frame
from agent.devices.card_reader import CardReader
from agent.devices.errors import CardReaderError, NoCard
from agent.identity import claims
from agent.identity.chip.access import ZoneKey
from agent.identity.chip.inspection import Inspection, inspect
from agent.identity.chip.portrait_group import Portrait
from agent.identity.chip.trust import CountrySigners
from agent.identity.errors import AccessDenied, CardNotShown, ChipAnswerBroken, ChipError, PortraitNotSeen
from agent.identity.printed_key import keys_of
from agent.identity.values import CardRead
from agent.reading import card_code
from agent.reading.card_code import Holder
from agent.reading.codes import find_codes
from contract.clock import Clock, Deadline
from contract.messages import CardSource

log = logging.getLogger(__name__)

LOOK_EVERY_S = 0.4
NO_READER = "NO_READER"
PORTRAIT_S = 20.0


class CardDesk:
    """Camera and, where there is one, chip reader; `signers` are the states whose cards are believed."""

    def __init__(self, camera: Camera, reader: CardReader | None, signers: CountrySigners, clock: Clock) -> None:
        self._camera, self._reader, self._signers, self._clock = camera, reader, signers, clock

    async def read(self, deadline: Deadline) -> CardRead:
        """Return what the card says; raise CardNotShown, PortraitNotSeen or a fault of the camera."""
        holder, still = await self._shown(deadline)
        why = NO_READER
        if self._reader is not None:
            try:
                inspection = await self._inspected(self._reader, holder, deadline)
                if (read := await self._told(inspection)) is not None:
                    return read
                why = inspection.verdict.reason
            except (ChipError, CardReaderError) as fault:
                why = fault.code
            log.warning("the chip was not read, the card's print is used: %s", why)
        return await self._print(holder, still, why)

    async def _shown(self, deadline: Deadline) -> tuple[Holder, Frame]:
        """Return what the card's code says, and the picture it was seen in."""
        while not deadline.passed:
            still = await self._camera.still(deadline)
            for code in find_codes(still.pixels):
                if holder := card_code.parse(code.text):
                    return holder, still
            await self._clock.sleep(LOOK_EVERY_S)
        raise CardNotShown

    async def _told(self, inspection: Inspection) -> CardRead | None:
        """Return what the chip says, None where its data are not even whole; raise ChipAnswerBroken."""
        claim = claims.of_chip(inspection, self._clock)
        if claim is None or inspection.portrait is None:
            return None
        return CardRead(
            source=CardSource.CHIP,
            verified=claim.proof,
            reason=inspection.verdict.reason,
            name=claim.name,
            number=claim.number,
            born=claim.born,
            portrait=await _decoded(inspection.portrait, believed=claim.proof),
        )

    async def _inspected(self, reader: CardReader, holder: Holder, deadline: Deadline) -> Inspection:
        """Return what the card's chip proves; raise ChipError or CardReaderError."""
        if not await reader.wait_for_card(True, deadline):
            raise NoCard
        first, *others = keys_of(holder.number, born=holder.born, issued=holder.issued)
        for key in others:
            with suppress(AccessDenied):
                return await self._opened(reader, first, deadline)
            first = key
        return await self._opened(reader, first, deadline)

    async def _opened(self, reader: CardReader, key: ZoneKey, deadline: Deadline) -> Inspection:
        async with reader.connect(deadline) as card:
            return await inspect(card, key, self._signers, clock=self._clock, deadline=deadline)

    async def _print(self, holder: Holder, still: Frame, reason: str) -> CardRead:
        try:
            portrait = await run_apart(PORTRAIT_S, portrait_on, still.pixels)
        except (TimeoutError, WorkerCrashed) as fault:
            raise PortraitNotSeen("the search for it did not end") from fault
        if portrait is None:
            raise PortraitNotSeen
        return CardRead(
            source=CardSource.PRINTED,
            verified=False,
            reason=reason,
            name=holder.name,
            number=holder.number,
            born=holder.born,
            portrait=jpeg(portrait),
        )


async def _decoded(portrait: Portrait, *, believed: bool) -> bytes:
    """Return a portrait as JPEG; one that no state vouches for is decoded where it can't do harm."""
    if believed:
        return await asyncio.to_thread(as_jpeg, portrait)
    try:
        return await run_apart(PORTRAIT_S, as_jpeg, portrait)
    except (TimeoutError, WorkerCrashed) as fault:
        raise ChipAnswerBroken("the portrait brings its decoder down") from fault


def as_jpeg(portrait: Portrait) -> bytes:
    """Return the chip's portrait as JPEG; raise ChipAnswerBroken."""
    return jpeg(portrait.pixels())
