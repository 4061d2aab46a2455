"""May the clock be believed? What chrony says of it, as `systemd/clock-watch` writes it down, and the judgement (R23).

A line of the report is `up` and the seconds since the boot, or a command of chronyc and a row of its answer
(`chronyc -c -N tracking`, `sources`, `authdata`; chronyc(1) names the columns). NTS is RFC 8915.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self

REPORT = Path("/run/tram-clock/report")
MOST_AGE_S = 60.0
"""Nobody watches the clock once the report, which is written each 10 s, is older."""
MOST_ERROR_S = 1.0
"""How far the clock may stand from true time at most: its offset, and what chrony can't exclude (RFC 5905, §11.2)."""

_SELECTED, _COMBINED, _FALSE = "*", "+", "x"
_REFERENCE_CLOCK = "#"
_UNLISTED = "00000000"


class Doubt(StrEnum):
    """Why a clock is not believed."""

    UNWATCHED = "UNWATCHED"
    SILENT = "SILENT"
    NO_SERVERS = "NO_SERVERS"
    UNREACHED = "UNREACHED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    DISAGREEING = "DISAGREEING"
    SETTLING = "SETTLING"
    JUMPED = "JUMPED"
    UNCERTAIN = "UNCERTAIN"


class ClockDoubted(Exception):
    """The clock may not be believed; the text says what is the matter, for a technician."""

    def __init__(self, doubt: Doubt, detail: str) -> None:
        self.doubt = doubt
        super().__init__(detail)

    @property
    def remedy(self) -> str:
        """What a technician does."""
        return _REMEDIES[self.doubt]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A time server or reference clock: chrony's sign for its state, whether it answers, whether by NTS."""

    name: str
    mode: str
    state: str
    answers: bool
    authenticated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeReport:
    """What chrony says at one moment; `offset_s` and `bound_s` are None while it has no time of anybody."""

    up_s: float
    runs: bool
    offset_s: float | None
    bound_s: float | None
    sources: Sequence[Source]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return what a report says; raise ValueError where it is none."""
        rows: dict[str, list[list[str]]] = {}
        for line in text.splitlines():
            kind, _, row = line.partition(" ")
            rows.setdefault(kind, []).append(row.split(","))
        if "up" not in rows:
            raise ValueError("it does not say when it was written")
        tracked = [row for row in rows.get("tracking", ()) if len(row) >= 14]
        offset_s, bound_s = None, None
        if tracked and tracked[0][0] != _UNLISTED:
            offset_s = float(tracked[0][4])
            bound_s = float(tracked[0][10]) / 2 + float(tracked[0][11])
        keys = {row[0]: int(row[3]) for row in rows.get("authdata", ()) if len(row) >= 10}
        sources = tuple(
            Source(
                name=row[2], mode=row[0], state=row[1], answers=int(row[5], 8) > 0,
                authenticated=row[0] == _REFERENCE_CLOCK or keys.get(row[2], 0) > 0,
            )
            for row in rows.get("sources", ())
            if len(row) >= 10
        )  # fmt: skip
        return cls(
            up_s=float(rows["up"][0][0]), runs=bool(tracked), offset_s=offset_s, bound_s=bound_s, sources=sources
        )

    def require_believable(self, up_s: float) -> None:
        """Return where the clock may be believed `up_s` seconds after the boot; raise ClockDoubted."""
        names = ", ".join(source.name for source in self.sources)
        answering = [source for source in self.sources if source.answers]
        chosen = [source for source in self.sources if source.state in (_SELECTED, _COMBINED)]
        if abs(up_s - self.up_s) > MOST_AGE_S:
            raise ClockDoubted(Doubt.UNWATCHED, f"what is known of the clock is {up_s - self.up_s:.0f} s old")
        if not self.runs:
            raise ClockDoubted(Doubt.SILENT, "the time service (chrony) does not answer")
        if not self.sources:
            raise ClockDoubted(Doubt.NO_SERVERS, "the time service has no time server")
        if not chosen and self.offset_s is None:
            raise _not_chosen(self.sources, answering, names)
        if any(not source.authenticated for source in chosen):
            raise ClockDoubted(Doubt.UNAUTHENTICATED, f"the time is taken from {names}, which prove nothing of it")
        if self.offset_s is None or self.bound_s is None:
            raise ClockDoubted(Doubt.SETTLING, "the time service has only just chosen a server")
        if abs(self.offset_s) > MOST_ERROR_S:
            raise ClockDoubted(Doubt.JUMPED, f"the clock stands {abs(self.offset_s):,.0f} s off its time servers")
        if self.bound_s > MOST_ERROR_S:
            raise ClockDoubted(
                Doubt.UNCERTAIN,
                f"too few good answers of time servers lately: the clock may be {self.bound_s:.1f} s off",
            )


def require_believable(path: Path, up_s: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME)) -> str:
    """Return who the time is from; raise ClockDoubted where the report at `path` gives cause, or is not there."""
    try:
        report = TimeReport.parse(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ClockDoubted(Doubt.UNWATCHED, f"nobody has written {path}") from None
    except (OSError, ValueError, IndexError) as fault:
        raise ClockDoubted(Doubt.UNWATCHED, f"{path} can't be read: {fault}") from fault
    report.require_believable(up_s())
    heard = sum(source.answers and source.authenticated for source in report.sources)
    return f"set by {heard} authenticated time server{'s' if heard != 1 else ''}, to {report.bound_s:.3f} s"


def _not_chosen(sources: Sequence[Source], answering: Sequence[Source], names: str) -> ClockDoubted:
    if not answering:
        return ClockDoubted(Doubt.UNREACHED, f"no time server answers: {names}")
    if not any(source.authenticated for source in answering):
        false = ", ".join(source.name for source in answering)
        return ClockDoubted(Doubt.UNAUTHENTICATED, f"{false} answers, but proves nothing of its time")
    if any(source.state == _FALSE for source in sources):
        return ClockDoubted(Doubt.DISAGREEING, f"the time servers contradict one another: {names}")
    return ClockDoubted(Doubt.SETTLING, "the time service has heard too few servers to choose")


_WHERE = "[clock] servers in kiosk.toml, on a hub /etc/chrony/tram-servers"
_REMEDIES = {
    Doubt.UNWATCHED: "systemctl restart chrony tram-clock; see journalctl -u tram-clock",
    Doubt.SILENT: "systemctl restart chrony; see journalctl -u chrony",
    Doubt.NO_SERVERS: f"Name some: {_WHERE}, then systemctl restart chrony",
    Doubt.UNREACHED: "Let the firewall's owner open TCP 4460 and UDP 123 outwards, or name the site's own time server: "
    f"{_WHERE}",
    Doubt.UNAUTHENTICATED: f"Take it out: only servers with NTS may set this clock ({_WHERE})",
    Doubt.DISAGREEING: f"chronyc sources shows them; take the wrong one out of {_WHERE}",
    Doubt.SETTLING: "Wait a minute, then look again; it needs two servers where three or more are named",
    Doubt.JUMPED: "While nobody is served: systemctl restart chrony, which sets it at once. Find out who moved it",
    Doubt.UNCERTAIN: "Let this machine reach its time servers: TCP 4460 and UDP 123 outwards",
}
