"""The console's pages, one file each: a file here with a `router` is served, one with a `NAV` stands in the navigation.

A new page is one file: `router = APIRouter()`, a route under `/console/…` that returns `render.page(…)`, and
`NAV = Nav(…)` if it is to be found from everywhere. Its template lies in `templates/`, its sentences in `strings/`.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from hub.config import HubConfig
from hub.console.roles import Permit


@dataclass(frozen=True, slots=True, kw_only=True)
class Nav:
    """A place in the navigation: `order` from the left, its address, the key of its words, who sees it, where it is."""

    order: int
    path: str
    words: str
    permit: Permit
    is_there: Callable[[HubConfig], bool] = lambda _config: True


def rooms() -> Iterator[ModuleType]:
    """Yield the modules of all pages."""
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda each: each.name):
        yield importlib.import_module(f"{__name__}.{found.name}")


def navigation() -> list[Nav]:
    """Return the navigation, from the left."""
    return sorted((room.NAV for room in rooms() if hasattr(room, "NAV")), key=lambda nav: nav.order)
