"""The doctor's findings in 80 columns: one line where all is well, the remedy where it is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from agent.devices.status import DeviceState
from contract.clock import VIETNAM, SystemClock
from contract.messages import DeviceReading

_COLOUR = {
    DeviceState.READY: "green",
    DeviceState.BUSY: "cyan",
    DeviceState.ATTENTION: "yellow",
    DeviceState.DOWN: "red",
}
_WELL = (DeviceState.READY, DeviceState.BUSY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Lines of one kind, with a note; of `dated` ones it is told since when they are so."""

    name: str
    note: str = ""
    lines: Sequence[DeviceReading]
    dated: bool = False


def drawn(title: str, parts: Sequence[Part]) -> RenderableType:
    """Return the screen: the parts with their names, the title above."""
    table = Table(box=None, pad_edge=False, show_header=False, expand=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for part in parts:
        if part.lines:
            table.add_row(Text(part.name, style="dim"), "", "", Text(part.note, style="dim"))
        for line in part.lines:
            state = DeviceState(line.state)
            since = _since(line.since) if part.dated else ""
            table.add_row(f" {line.name}", Text(line.state, style=_COLOUR[state]), since, _what(line, state))
    return Group(Text(title, style="bold"), table)


def worst(lines: Sequence[DeviceReading]) -> int:
    """Return the exit code: 0 all ready, 1 something wants attention, 2 something is down."""
    grades = {DeviceState.ATTENTION: 1, DeviceState.DOWN: 2}
    return max((grades.get(DeviceState(line.state), 0) for line in lines), default=0)


def _what(line: DeviceReading, state: DeviceState) -> Text:
    if state in _WELL and not line.remedy:
        return Text(line.detail, no_wrap=True, overflow="ellipsis")
    return Text(line.detail, style="bold").append(f"\n→ {line.remedy}" if line.remedy else "")


def _since(moment: datetime) -> str:
    """Return the hour of today, else the day, in Vietnam's time."""
    today = SystemClock().now().astimezone(VIETNAM).date()
    local = moment.astimezone(VIETNAM)
    return local.strftime("%H:%M" if local.date() == today else "%d/%m")
