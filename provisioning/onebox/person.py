"""Somebody at the kiosk of a set of stand-ins: simulated, nobody's face; a specimen card with a chip in her hand."""

import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import click
from cryptography.hazmat.primitives.serialization import Encoding

from agent.attendant.attendant import KioskAttendant
from agent.attendant.pictures import jpeg
from agent.attendant.watch import Footage, Watch, prompt
from agent.devices.camera import Camera
from agent.devices.card_reader import CardReader
from agent.identity.attendant import Show
from agent.identity.liveness.challenge import LENGTH_S, Challenge
from contract.clock import Clock
from models.persons import ranges
from models.persons.takes import live, photographed
from models.specimens.kinds.identity_card import Holder, any_holder, qr_text
from models.specimens.order import Order
from provisioning.onebox.card_reader import NAME, CardReaderStandIn
from provisioning.onebox.child import ChildFailed
from provisioning.onebox.eid_card import EidCard
from provisioning.onebox.eid_files import issue
from provisioning.onebox.eid_pki import State
from provisioning.onebox.held_card import held_up

SEED = 3
"""Who stands there, and whose card it is."""
_ISSUED = date(2021, 3, 1), date(2024, 6, 28)


class PersonStandIn:
    """The card before the camera and on the reader, and the certificate of the state that made it, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.pictures, self.signers = folder / "camera", folder / "country-signers"
        self._reader = CardReaderStandIn(folder / "reader")

    def start(self) -> None:
        """Hold up the card and lay it on the reader.

        Where no virtual reader can be (a container without user namespaces), that is said, and the kiosk leads on by
        its other ways, as it does in the field.
        """
        now = datetime.now(UTC)
        state, holder = State(now), _holder()
        for path in (self.pictures, self.signers):
            path.mkdir(parents=True, exist_ok=True)
        held_up(qr_text(holder, holder.person.address)).save(self.pictures / "card.png")
        certificate = state.authority.certificate.public_bytes(Encoding.DER)
        (self.signers / "test-state.cer").write_bytes(certificate)
        try:
            self._reader.start()
        except ChildFailed as fault:
            click.echo(f"No virtual card reader: {fault}\nThe visit goes on without the chip.", err=True)
            return
        self._reader.lay_on(EidCard(issue(holder, state.signer(), now, portrait=_portrait(), chip=True)))

    def stop(self) -> None:
        """Take the card away."""
        self._reader.stop()

    def kill(self) -> None:
        """Kill the reader's service."""
        self._reader.kill()

    def sections(self, evidence_key: Path) -> dict[str, dict[str, object]]:
        """Return what kiosk.toml says of this."""
        return {
            "devices.camera": {"class": "agent.devices.camera.FolderCamera", "folder": str(self.pictures)},
            "devices.card_reader": {
                "class": "agent.devices.card_reader.PcscReader",
                "reader": NAME,
                "socket": str(self._reader.socket),
            },
            "identity": {"evidence_key": str(evidence_key)},
            "identity.attendant": {"class": f"{__name__}.StandInAttendant", "country_signers": str(self.signers)},
        }


class StandInAttendant(KioskAttendant):
    """The real attendant, but that the person before its camera is rendered for each challenge."""

    def __init__(self, *, camera: Camera, clock: Clock, country_signers: Path, card_reader: CardReader) -> None:
        watch = RenderedPerson(clock)
        super().__init__(
            camera=camera, clock=clock, country_signers=country_signers, card_reader=card_reader, watch=watch
        )


class RenderedPerson(Watch):
    """Simulated: what a camera would see of a willing person under the challenge's lights."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def watch(self, challenge: Challenge, show: Show) -> Footage:
        """Return the rendered take, after the time that a person would take."""
        show(prompt(challenge))
        rendered, _ = await asyncio.gather(
            asyncio.to_thread(live, SEED, ranges.SAMPLES, challenge), self._clock.sleep(LENGTH_S)
        )
        return Footage(frames=rendered.take.frames, times_s=rendered.take.times_s)


def _holder() -> Holder:
    return any_holder(Order(kind="CCCD_CHIP", seed=SEED, flaws=frozenset()), *_ISSUED)


def _portrait() -> bytes:
    return jpeg(photographed(SEED, ranges.SAMPLES))
