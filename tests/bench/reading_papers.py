"""Fields, photographs and alterations: what their own measurements say, and whether it is what was asked for."""

import importlib
from types import ModuleType

from tests.bench import reading_fields
from tests.bench.reading_child import NotHere
from tests.bench.reading_fields import KindFigures
from tests.bench.reading_table import Must, share, table

_FIELDS_SEED, _PHOTOS_SEED, _ALTERATIONS_SEED = 30_000, 6_000_000, 40_000
"""Seeds that no other measurement and no tuning uses."""

_FIELDS_TARGET, _PHOTOS_TARGET = 0.98, 0.98


def fields(count: int) -> list[Must]:
    """Print the fields of `count` fresh specimens of each kind, scanned as at an office; return what was asked for."""
    rows = list(reading_fields.figures(count, _FIELDS_SEED))
    every = reading_fields.together(rows)
    print(f"Fields exactly right, {count} fresh specimens of each kind as an office scans them; in % [95 % interval]")
    head = (
        "kind",
        "specimens",
        "known",
        "fields right",
        "wrong",
        "missing",
        "faultless",
        "called sure",
        "of these not right",
    )
    print(table(head, [_row(one) for one in (*rows, every)]))
    for miss in every.misses[:_MOST_MISSES]:
        print(f"    {miss.kind} {miss.seed} {miss.name}: {miss.printed!r} read as {miss.read!r}{' SURE' * miss.sure}")
    holds = every.right >= _FIELDS_TARGET * every.printed
    return [
        Must(figure="fields exactly right", target="≥ 98 %", measured=share(every.right, every.printed), holds=holds)
    ]


_MOST_MISSES = 40


def _row(own: KindFigures) -> list[str]:
    counts = (own.wrong, own.missing, own.faultless)
    sure = f"{own.sure / own.printed:.1%}"
    return [
        own.kind,
        str(own.specimens),
        str(own.known),
        share(own.right, own.printed),
        *map(str, counts),
        sure,
        str(own.sure_misses),
    ]


def photos(count: int) -> list[Must]:
    """Print how papers are found in generated photographs; return what was asked for."""
    page_finding = _measurement("page_finding")
    measured = page_finding.figures(count, _PHOTOS_SEED)
    print(page_finding.report(measured))
    hit, of = measured.hit.good, measured.hit.of
    holds = hit >= _PHOTOS_TARGET * of
    return [Must(figure="page found within 1 %", target="≥ 98 % of photographs", measured=share(hit, of), holds=holds)]


def alterations(count: int) -> list[Must]:
    """Print hit and false-alarm rates on generated alterations; nothing was asked for but that they are known."""
    measurement = _measurement("alterations")
    print(measurement.report(measurement.figures(count, _ALTERATIONS_SEED)))
    return []


def _measurement(name: str) -> ModuleType:
    try:
        return importlib.import_module(f"tests.bench.{name}")
    except ModuleNotFoundError as missing:
        raise NotHere(str(missing)) from missing
