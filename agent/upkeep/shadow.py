"""The shadow: settings wanted by the hub, taken whole or refused by name, in effect at once and after a restart.

What a kiosk is (its id, place, legal mode, devices, keys) is not among them: that is enrolled and stands in kiosk.toml.
"""

import logging
from collections.abc import Mapping

from agent.journeys.parts import Kiosk
from agent.journeys.tuning import Tuning
from agent.journeys.values import Way
from contract.jobs import KNOWN_SETTINGS, Setting, ShadowDesired, ShadowReported
from contract.messages import VERSION, encode
from contract.settings import nearest

log = logging.getLogger(__name__)


async def take_effect(kiosk: Kiosk) -> None:
    """Put in effect what was taken before the restart, and tell the hub at each connection what that is."""
    reported = await kiosk.ledger.remote.reported()
    _tune(kiosk, reported.settings)
    await kiosk.link.keep_told("shadow", encode(reported))


async def take_newer(kiosk: Kiosk) -> None:
    """Take or refuse the wanted shadow if it is newer than the last one that was looked at."""
    remote = kiosk.ledger.remote
    wanted, reported = await remote.wanted(), await remote.reported()
    if wanted is None or wanted.version <= max(reported.version, reported.refused_version):
        return
    answer = _judged(kiosk, wanted, reported)
    await remote.report(answer)
    _tune(kiosk, answer.settings)
    await kiosk.link.keep_told("shadow", encode(answer))


def refusals(kiosk: Kiosk, settings: Mapping[str, Setting]) -> dict[str, str]:
    """Return for each key that can't be taken the reason."""
    refused = {}
    for key, value in settings.items():
        known = KNOWN_SETTINGS.get(key)
        why = known.refuses(value) if known else f"a hub can't set this. {nearest(key, KNOWN_SETTINGS)}"
        if why:
            refused[key] = why
    if settings.get("pays_by_transfer") is False and kiosk.ways in ((), (Way.TRANSFER,)):
        refused["pays_by_transfer"] = "nobody could pay at this kiosk"
    return refused


def _judged(kiosk: Kiosk, wanted: ShadowDesired, before: ShadowReported) -> ShadowReported:
    now = kiosk.clock.now()
    refused = refusals(kiosk, wanted.settings)
    if refused:
        log.warning("the settings of version %s are refused: %s", wanted.version, refused)
        return ShadowReported(
            v=VERSION,
            at=now,
            version=before.version,
            settings=before.settings,
            refused_version=wanted.version,
            refused=refused,
        )
    return ShadowReported(v=VERSION, at=now, version=wanted.version, settings=wanted.settings)


def _tune(kiosk: Kiosk, settings: Mapping[str, Setting]) -> None:
    known = {
        key: value
        for key, value in settings.items()
        if key in KNOWN_SETTINGS and not KNOWN_SETTINGS[key].refuses(value)
    }
    fresh = Tuning(**known)  # type: ignore[arg-type]  # another version of the program may have taken more
    for name in KNOWN_SETTINGS:
        setattr(kiosk.tuning, name, getattr(fresh, name))
    own = logging.getLogger("agent")  # what libraries log at lower levels may hold what stands on papers
    own.setLevel(fresh.log_level or logging.NOTSET)
