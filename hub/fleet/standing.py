"""The fleet as an operator reads it: each kiosk in one state, the worst first, by itself or by ward."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from contract.messages import Service
from hub.fleet import alerts
from hub.fleet.rules import Severity
from hub.fleet.view import DOWN, Sight, sights
from hub.store.tables import AlertRow


class Standing(StrEnum):
    """How a kiosk stands, the worst first."""

    OFFLINE = "OFFLINE"
    FAULT = "FAULT"
    WATCH = "WATCH"
    OUT = "OUT"
    GOOD = "GOOD"
    NEW = "NEW"
    REVOKED = "REVOKED"


_ORDER = {standing: place for place, standing in enumerate(Standing)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One kiosk of the list with its alerts."""

    sight: Sight
    standing: Standing
    alerts: tuple[AlertRow, ...]

    @property
    def unacknowledged(self) -> int:
        """How many of its alerts nobody has taken up."""
        return sum(row.acknowledged_at is None for row in self.alerts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The kiosks of one ward or site, the worst first."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What is shown: `lines` as asked for, the counts and the groups of the whole fleet."""

    lines: tuple[Line, ...]
    counts: Counter[Standing]
    groups: tuple[str, ...]

    @property
    def by_group(self) -> tuple[Group, ...]:
        """The lines by ward, the ward with the worst kiosk first."""
        inside: dict[str, list[Line]] = defaultdict(list)
        for line in self.lines:
            inside[line.sight.kiosk.group].append(line)
        groups = [Group(name=name, lines=tuple(lines)) for name, lines in inside.items()]
        return tuple(sorted(groups, key=lambda group: (_ORDER[group.lines[0].standing], group.name)))


def fleet(session: Session, *, group: str = "", standing: str = "") -> Fleet:
    """Return the fleet; `group` and `standing` leave out the others, empty means all."""
    lines = sorted(_lines(sights(session), alerts.raised(session)), key=_worst_first)
    return Fleet(
        lines=tuple(
            line for line in lines if group in ("", line.sight.kiosk.group) and standing in ("", line.standing)
        ),
        counts=Counter(line.standing for line in lines),
        groups=tuple(sorted({line.sight.kiosk.group for line in lines})),
    )


def standing_of(sight: Sight, raised: Iterable[AlertRow]) -> Standing:
    """Return how a kiosk stands."""
    if sight.kiosk.revoked_at is not None:
        return Standing.REVOKED
    if sight.heard_at is None:
        return Standing.NEW
    there = list(raised)
    if not sight.online or any(row.rule == "offline" for row in there):
        return Standing.OFFLINE
    if any(row.severity == Severity.STOP for row in there) or any(each.state == DOWN for each in sight.troubled):
        return Standing.FAULT
    if there or sight.troubled:
        return Standing.WATCH
    in_service = sight.telemetry is None or sight.telemetry.service is Service.IN_SERVICE
    return Standing.GOOD if in_service else Standing.OUT


def _lines(seen: Sequence[Sight], raised: Sequence[AlertRow]) -> Iterable[Line]:
    of_kiosk: dict[str, list[AlertRow]] = defaultdict(list)
    for row in raised:
        of_kiosk[row.kiosk].append(row)
    for sight in seen:
        own = tuple(of_kiosk[sight.kiosk.id])
        yield Line(sight=sight, standing=standing_of(sight, own), alerts=own)


def _worst_first(line: Line) -> tuple[int, int, str]:
    return _ORDER[line.standing], -line.unacknowledged, line.sight.kiosk.id
