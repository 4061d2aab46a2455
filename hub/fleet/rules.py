"""When an operator is told: the whole table, pure functions of what a kiosk said last.

| rule | raised | over |
|---|---|---|
| `offline` | not connected, or silent, for `offline_min` | heard again |
| `device` | a device is DOWN for 2 min | usable for 5 min |
| `attention` | a device wants attention for 30 min, and nothing below says why | 5 min |
| `paper`, `toner`, `roll`, `change` | at or below the limit | a quarter above it for 5 min |
| `disk`, `worn`, `heat` | at or beyond the limit for 5 min | back by a margin for 15 min |
| `undervoltage`, `storage` | once seen | not seen for 15 min |
| `certificate` | as few days left as the limit | renewed |
| `clone` | two machines show one identity (hub/enrolment/starts.py) | released by an operator |
| `clock` (R23) | `drift_s` or further off for 3 min | within half of it for 5 min |
| `help` | a citizen calls for a person | the call is withdrawn, or 12 h old |
| `unsent` | a message waits for `unsent_min` while the kiosk is online | half of it |

Between raising and clearing a rule holds: what is an alert stays one, what is none becomes none. While a kiosk is away
everything else holds, since nothing is known of it. A consumable raises nothing new at a device that is DOWN: that is
one cause, and its own alert is there.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hub.fleet.settings import FleetConfig
from hub.fleet.view import ATTENTION, DOWN, Sight

HELP = "help"
"""The rule that no figure raises: a citizen does, by a request of its own (hub/intake/calls.py)."""
_NONE = timedelta(0)
_WORDS_MISSED = 3
"""A connected kiosk is silent once so many messages in a row are missing."""


class Verdict(StrEnum):
    """What a rule says now."""

    RAISE = "RAISE"
    HOLD = "HOLD"
    CLEAR = "CLEAR"


class Severity(StrEnum):
    """`STOP`: citizens are turned away, or will be within days. `WATCH`: somebody should go there in time."""

    STOP = "STOP"
    WATCH = "WATCH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How long a cause must last before it is an alert, and be gone before the alert is over."""

    name: str
    severity: Severity = Severity.WATCH
    lasts: timedelta = _NONE
    quiet: timedelta = timedelta(minutes=5)


_Q15 = timedelta(minutes=15)
_M5 = timedelta(minutes=5)
RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(name="offline", severity=Severity.STOP, quiet=_NONE),
        Rule(name="device", severity=Severity.STOP, lasts=timedelta(minutes=2)),
        Rule(name="attention", lasts=timedelta(minutes=30)),
        Rule(name="paper"),
        Rule(name="toner"),
        Rule(name="roll"),
        Rule(name="change"),
        Rule(name="disk", lasts=_M5, quiet=_Q15),
        Rule(name="worn", lasts=_M5, quiet=_Q15),
        Rule(name="storage", severity=Severity.STOP, quiet=_Q15),
        Rule(name="heat", lasts=_M5, quiet=_Q15),
        Rule(name="undervoltage", quiet=_Q15),
        Rule(name="certificate", quiet=_NONE),
        Rule(name="clone", severity=Severity.STOP, quiet=_NONE),
        Rule(name="clock", lasts=timedelta(minutes=3)),
        Rule(name="unsent"),
        Rule(name=HELP, severity=Severity.STOP, quiet=_NONE),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says of one cause; detail and remedy are a technician's."""

    rule: str
    cause: str = ""
    verdict: Verdict
    detail: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """All findings of one kiosk, and what holds for a cause that none of them names."""

    findings: tuple[Finding, ...]
    others: Verdict


def judge(sight: Sight, limits: FleetConfig, now: datetime) -> Judged:
    """Return what every rule says of a kiosk now."""
    if sight.kiosk.revoked_at is not None or sight.heard_at is None:
        return Judged(findings=(), others=Verdict.CLEAR)
    presence, clone = _presence(sight, limits, now), _clone(sight)
    if presence.verdict is not Verdict.CLEAR or sight.telemetry is None:
        return Judged(findings=(presence, clone), others=Verdict.HOLD)
    figures = [finding for rule in _FIGURES if (finding := rule.of(sight.vitals, limits))]
    short = {_STANDS_AT[each.rule] for each in figures if each.verdict is Verdict.RAISE and each.rule in _STANDS_AT}
    down = {device.name for device in sight.troubled if device.state == DOWN}
    return Judged(
        findings=(
            presence,
            clone,
            *_devices(sight, short),
            *(_unless_down(each, down) for each in figures),
        ),
        others=Verdict.CLEAR,
    )


def _presence(sight: Sight, limits: FleetConfig, now: datetime) -> Finding:
    allowed = timedelta(minutes=limits.offline_min)
    assert sight.heard_at is not None
    if not sight.online:
        away, detail = now - (sight.state_at or sight.heard_at), "not connected"
    else:
        away, detail = now - sight.heard_at, "connected, but it says nothing"
        allowed = max(allowed, _WORDS_MISSED * timedelta(seconds=_tells_every_s(sight)))
    if away >= allowed:
        remedy = "Look at power and network there; if both are well, restart the kiosk and see its log."
        return Finding(rule="offline", verdict=Verdict.RAISE, detail=detail, remedy=remedy)
    return Finding(rule="offline", verdict=Verdict.CLEAR if sight.online else Verdict.HOLD, detail=detail)


def _clone(sight: Sight) -> Finding:
    verdict = Verdict.RAISE if sight.kiosk.quarantined_at is not None else Verdict.CLEAR
    remedy = "Find out which machine is the true one, switch the other off, then release the kiosk on its page."
    return Finding(rule="clone", verdict=verdict, detail=sight.kiosk.quarantine_cause, remedy=remedy)


def _tells_every_s(sight: Sight) -> int:
    """Return how often the kiosk sends telemetry, which its configuration may have made rare."""
    told = sight.shadow.settings.get("telemetry_every_s") if sight.shadow else None
    return told if isinstance(told, int) else 60


def _devices(sight: Sight, short: set[str]) -> Iterator[Finding]:
    assert sight.telemetry is not None
    for device in sight.telemetry.devices:
        said = {"cause": device.name, "detail": device.detail, "remedy": device.remedy}
        is_down, wants = device.state == DOWN, device.state == ATTENTION
        yield Finding(rule="device", verdict=Verdict.RAISE if is_down else Verdict.CLEAR, **said)
        explained = device.name in short
        verdict = Verdict.RAISE if wants and not explained else Verdict.HOLD if is_down else Verdict.CLEAR
        yield Finding(rule="attention", verdict=verdict, **said)


_STANDS_AT = {"paper": "printer", "toner": "printer", "roll": "ticket printer", "change": "cash"}


def _unless_down(finding: Finding, down: set[str]) -> Finding:
    if finding.verdict is Verdict.RAISE and _STANDS_AT.get(finding.rule) in down:
        return Finding(rule=finding.rule, verdict=Verdict.HOLD, detail=finding.detail, remedy=finding.remedy)
    return finding


@dataclass(frozen=True, slots=True, kw_only=True)
class _Figure:
    """A rule on one vital: `limit` is the figure that raises it, `back` the one at which it is over."""

    rule: str
    vital: str
    limit: Callable[[FleetConfig], float]
    back: Callable[[float], float]
    above: bool = False
    words: str
    remedy: str

    def of(self, vitals: Mapping[str, float], limits: FleetConfig) -> Finding | None:
        """Return what the rule says; None where the kiosk does not measure it."""
        value = vitals.get(self.vital)
        if value is None:
            return None
        value = abs(value) if self.vital == "clock_drift_s" else value
        limit = self.limit(limits)
        sign = 1 if self.above else -1
        bad, good = sign * (value - limit) >= 0, sign * (value - self.back(limit)) < 0
        verdict = Verdict.RAISE if bad else Verdict.CLEAR if good else Verdict.HOLD
        return Finding(rule=self.rule, verdict=verdict, detail=self.words.format(value), remedy=self.remedy)


def _quarter_above(limit: float) -> float:
    return limit + max(1.0, limit / 4)


_FIGURES = (
    _Figure(
        rule="paper", vital="tray_sheets", limit=lambda c: c.tray_sheets, back=_quarter_above,
        words="{:.0f} sheets left", remedy="Fill the printer's tray with A4 paper.",
    ),
    _Figure(
        rule="toner", vital="toner_percent", limit=lambda c: c.toner_percent, back=_quarter_above,
        words="{:.0f} % toner left", remedy="Bring a cartridge and change it when the printer asks.",
    ),
    _Figure(
        rule="roll", vital="ticket_roll", limit=lambda c: 0.1, back=lambda _: 0.5,
        words="the receipt roll is near its end", remedy="Put a new receipt roll in.",
    ),
    _Figure(
        rule="change", vital="visits_left", limit=lambda c: c.change_visits, back=_quarter_above,
        words="change for {:.0f} more visits", remedy="Fill the tubes with the coins and notes that change is made of.",
    ),
    _Figure(
        rule="disk", vital="disk_free_mb", limit=lambda c: c.disk_free_mb, back=lambda limit: limit * 1.2,
        words="{:.0f} MB free", remedy="Collect the logs, then free space on the kiosk's data disk.",
    ),
    _Figure(
        rule="worn", vital="storage_worn_percent", limit=lambda c: c.storage_worn_percent, back=lambda limit: limit - 1,
        above=True, words="up to {:.0f} % of the storage's life is used", remedy="Plan a new storage module.",
    ),
    _Figure(
        rule="storage", vital="storage_errors", limit=lambda c: 1, back=lambda _: 1, above=True,
        words="{:.0f} errors of the file system", remedy="Replace the storage module; keep the old one for its ledger.",
    ),
    _Figure(
        rule="heat", vital="temperature_c", limit=lambda c: c.temperature_c, back=lambda limit: limit - 5, above=True,
        words="{:.0f} °C", remedy="Clean the fan and its grille; see that nothing covers the cabinet.",
    ),
    _Figure(
        rule="undervoltage", vital="under_voltage", limit=lambda c: 1, back=lambda _: 1, above=True,
        words="the supply falls below 4.63 V", remedy="Replace the power supply or its cable.",
    ),
    _Figure(
        rule="certificate", vital="certificate_days", limit=lambda c: c.certificate_days, back=lambda limit: limit,
        words="valid for {:.0f} more days", remedy="Enrol the kiosk anew before its certificate ends.",
    ),
    _Figure(
        rule="clock", vital="clock_drift_s", limit=lambda c: c.drift_s, back=lambda limit: limit / 2, above=True,
        words="{:.0f} s off the hub's clock", remedy="Check that the kiosk reaches its time server (NTP).",
    ),
    _Figure(
        rule="unsent", vital="unsent_oldest_s", limit=lambda c: c.unsent_min * 60, back=lambda limit: limit / 2,
        above=True, words="a message waits since {:.0f} s", remedy="See the hub's log for why it is not answered.",
    ),
)  # fmt: skip
