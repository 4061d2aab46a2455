"""All document kinds: every module in kinds/ that has a KIND; adding a file adds a kind."""

import importlib
import pkgutil
from functools import cache

from agent.reading import kinds
from agent.reading.kind import Kind, Pages

UNKNOWN = "UNKNOWN"


@cache
def all_kinds() -> tuple[Kind, ...]:
    """Return the kinds in the order of their codes."""
    names = [module.name for module in pkgutil.iter_modules(kinds.__path__)]
    found = [importlib.import_module(f"{kinds.__name__}.{name}").KIND for name in names]
    return tuple(sorted(found, key=lambda kind: kind.code))


def kind_of(pages: Pages) -> Kind:
    """Return the kind that most speaks for, or the unknown one."""
    best = max(all_kinds(), key=lambda kind: kind.score(pages))
    return best if best.score(pages) >= 1.0 else named(UNKNOWN)


def named(code: str) -> Kind:
    """Return the kind with this code; KeyError if there is none."""
    return {kind.code: kind for kind in all_kinds()}[code]
