"""The activities; a file with an `ACTIVITY` is one, and is found by itself."""

import pkgutil
from importlib import import_module

from agent.journeys.parts import Kiosk
from agent.screen.page.activity import Activity


def found(kiosk: Kiosk) -> list[Activity]:
    """Return this kiosk's activities in the order of their tiles."""
    modules = (import_module(f"{__name__}.{each.name}") for each in pkgutil.iter_modules(__path__))
    made: list[Activity] = [module.ACTIVITY(kiosk) for module in modules if hasattr(module, "ACTIVITY")]
    return sorted(made, key=lambda activity: activity.order)
