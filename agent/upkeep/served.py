"""Whether somebody is served: what every stop of the kiosk waits for."""

from agent.journeys.parts import Kiosk


async def who_is_served(kiosk: Kiosk, *, but_us: bool = False) -> str:
    """Return why the kiosk can't stop now, empty where it can; `but_us`: the floor is held by who asks."""
    open_visits = len(await kiosk.ledger.journal.open_visits())
    if open_visits:
        return "1 visit is open" if open_visits == 1 else f"{open_visits} visits are open"
    if kiosk.door.somebody_enters or (kiosk.floor.locked() and not but_us) or kiosk.tray.locked():
        return "somebody stands at the kiosk"
    return ""
