"""How the kiosk's program stands: what runs, what became of the last update, whether its repository is believed."""

from agent.config import Config, UpdatesSection
from agent.update import progress
from agent.update.progress import Phase
from agent.update.slots import Slots
from contract.clock import VIETNAM, Clock
from contract.messages import DeviceReading
from provisioning.checkup.line import attention, good

_NAME = "updates"


def line(config: Config, clock: Clock) -> DeviceReading:
    """Return the line; a kiosk that can't be updated works, so nothing here is more than to be looked at."""
    section, slots = config.updates or UpdatesSection(), Slots(config.update_place.root)
    try:
        running = slots.version(slots.current)
    except OSError:
        return good(_NAME, f"no slots below {slots.root}: not installed from the package", clock)
    if not section.trusted_root.exists():
        detail = f"{running} runs; no publisher's root: a package for development, believes no release"
        return attention(_NAME, detail, "Install the publisher's package (make deb ROOT=…).", clock)
    stands = progress.read(section.place.progress)
    if stands.distrust:
        return attention(_NAME, f"{running} runs; {stands.distrust.cause}", stands.distrust.remedy, clock)
    if stands.phase in (Phase.RETURNED, Phase.FAILED):
        remedy = "Tell the publisher, with the kiosk's logs. The kiosk serves as before."
        return attention(_NAME, f"{running} runs; {stands.version} {stands.phase}: {stands.detail}", remedy, clock)
    seen = f"repository seen {stands.seen_at.astimezone(VIETNAM):%d/%m %H:%M}" if stands.seen_at else "none seen yet"
    under_way = f"{stands.version} {stands.phase}, " if stands.phase not in (Phase.IDLE, Phase.KEPT) else ""
    return good(_NAME, f"{running} runs, {under_way}{seen}", clock)
