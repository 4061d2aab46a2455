"""The fault table as a page of the technician's manual: `python -m agent.devices.manual > docs/faults.md`.

A cell is an attribute of the fault's class; a cell that is missing fails a test, and so does a stale page.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from agent.devices import errors
from agent.devices.errors import DeviceError

_HEAD = """\
# Faults of the devices

Made by `python -m agent.devices.manual > docs/faults.md` from `agent/devices/errors/`; don't edit it by hand.
Every fault screen answers the two questions that a citizen has: *where is my original?* and *was I charged?* While a
visit is open the answers are those below; its last screen names the amounts: returned, charged, owed, or waiting for an
officer.

What nobody can know is no fault but an outcome, UNKNOWN: a sheet or slip that may or may not have come out. It is never
tried again; it goes to the officer, who looks into the tray and at the printer's page counter.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One fault; every cell is filled."""

    code: str
    cause: str
    vi: str
    en: str
    remedy: str
    cause_vi: str
    remedy_vi: str
    paper_vi: str
    paper_en: str
    money_vi: str
    money_en: str


def faults(kind: type[DeviceError] = DeviceError) -> Iterator[type[DeviceError]]:
    """Yield every fault that has a code, kind by kind, as the classes stand in `agent/devices/errors/`."""
    if "code" in vars(kind):
        yield kind
    for each in kind.__subclasses__():
        yield from faults(each)


def row(fault: type[DeviceError]) -> Row:
    """Return a fault's line; raise AttributeError for a missing cell."""
    return Row(
        code=fault.code,
        cause=(fault.__doc__ or "").strip().splitlines()[0],
        vi=fault.vi,
        en=fault.en,
        remedy=fault.remedy,
        cause_vi=fault.cause_vi,
        remedy_vi=fault.remedy_vi,
        paper_vi=fault.paper_vi,
        paper_en=fault.paper_en,
        money_vi=fault.money_vi,
        money_en=fault.money_en,
    )


def page() -> str:
    """Return the manual's page, one table a kind of device."""
    parts = [_HEAD]
    for kind in DeviceError.__subclasses__():
        if kind.__module__.startswith(errors.__name__) and (rows := [row(fault) for fault in faults(kind)]):
            parts += [f"## {_title(kind)}\n", *map(_entry, rows)]
    return "\n".join(parts)


def _title(kind: type[DeviceError]) -> str:
    return (sys.modules[kind.__module__].__doc__ or "").split(":")[0].split(";")[0].strip().rstrip(".")


def _entry(line: Row) -> str:
    return f"""\
### `{line.code}` {line.cause}
| | tiếng Việt | English |
|---|---|---|
| The screen says | {line.vi} | {line.en} |
| Where is my original? | {line.paper_vi} | {line.paper_en} |
| Was I charged? | {line.money_vi} | {line.money_en} |
| Remedy | {line.cause_vi}. {line.remedy_vi}. | {line.remedy}. |
"""


if __name__ == "__main__":
    sys.stdout.write(page())
