"""A fleet that knows only the contract: kiosks that say how they are and do what jobs ask, in simulated time."""

from dataclasses import dataclass, field
from datetime import timedelta

from hub_doubles import KIOSK

from contract import messages, topics
from contract.clock import SimulatedClock
from contract.ids import new_ulid
from contract.jobs import JobEnvelope, ShadowDesired, ShadowReported
from contract.messages import (
    BlobRef,
    CollectRequest,
    DeviceReading,
    FactEnvelope,
    JobFact,
    JobState,
    LegalMode,
    RequestEnvelope,
    Service,
    State,
    Telemetry,
)
from hub.fleet import jobs
from hub.intake.answers import Outgoing
from hub.intake.handler import Intake
from hub.rooms import Hub

WELL = {
    "temperature_c": 52.0, "under_voltage": 0.0, "disk_free_mb": 21_400.0, "tray_sheets": 240.0, "toner_percent": 64.0,
    "visits_left": 86.0, "unsent_messages": 0.0, "unsent_oldest_s": 0.0, "copies_today": 17.0,
    "money_today_vnd": 92_000.0, "certificate_days": 211.0,
}  # fmt: skip


def device(name: str, state: str = "READY", detail: str = "ready", remedy: str = "", **at: object) -> DeviceReading:
    return DeviceReading(name=name, state=state, detail=detail, remedy=remedy, since=at["since"])  # type: ignore[arg-type]


@dataclass
class FleetKiosk:
    """One kiosk of the fleet."""

    hub: Hub
    clock: SimulatedClock
    id: str = KIOSK
    mode: LegalMode = LegalMode.PILOT_REMOTE
    version: str = "0.1.0"
    service: Service = Service.IN_SERVICE
    vitals: dict[str, float] = field(default_factory=lambda: dict(WELL))
    broken: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)
    _intake: Intake = field(init=False)
    _steps: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._intake = Intake(self.hub)

    def connect(self, *, online: bool = True) -> None:
        state = State(v=1, online=online, since=self.clock.now(), version=self.version, legal_mode=self.mode)
        self.publish("state", messages.encode(state))

    def tell(self, *, drift_s: float = 0.0, **vitals: float) -> list[Outgoing]:
        """Send telemetry, return the answers; `vitals` change what is measured from now on."""
        self.vitals |= vitals
        now = self.clock.now()
        lines = {name: device(name, since=now) for name in ("scanner", "printer", "cash", "ticket printer")}
        for name, (state, detail, remedy) in self.broken.items():
            lines[name] = device(name, state, detail, remedy, since=now)
        told = Telemetry(
            v=1, at=now + timedelta(seconds=drift_s), devices=tuple(lines.values()), vitals=self.vitals,
            service=self.service, unknown=self.unknown,
        )  # fmt: skip
        return self.publish("telemetry", messages.encode(told))

    def answer(self, job: JobEnvelope, *states: JobState, detail: str = "") -> list[bytes]:
        """Tell the steps of a job; return the facts as they were sent."""
        sent = []
        for state in states:
            step = self._steps[job.id] = self._steps.get(job.id, 0) + 1
            percent = 100 if state is JobState.DONE else 10 * step
            body = JobFact(request=job.id, step=step, state=state, percent=percent, detail=detail)
            now = self.clock.now()
            sent.append(messages.encode(FactEnvelope(v=1, id=new_ulid(now), at=now, body=body)))
            self.publish("fact/job", sent[-1])
        return sent

    def report(self, shadow: ShadowDesired, **refused: str) -> None:
        """Take the shadow, or refuse it by name."""
        taken = not refused
        reported = ShadowReported(
            v=1, at=self.clock.now(), version=shadow.version if taken else 0,
            settings=shadow.settings if taken else {}, refused_version=0 if taken else shadow.version, refused=refused,
        )  # fmt: skip
        self.publish("shadow", messages.encode(reported))

    def publish(self, room: str, payload: bytes) -> list[Outgoing]:
        return self._intake.handle(topics.up(self.id, *room.split("/")), payload)

    def collected(self, blob: BlobRef) -> list[bytes]:
        """Ask for all chunks of a blob, and return those that come."""
        now = self.clock.now()
        body = CollectRequest(blob=blob, missing=tuple(range(blob.chunks)))
        asked_for = messages.encode(RequestEnvelope(v=1, id=new_ulid(now), at=now, body=body))
        return [each.payload for each in self.publish("request/collect", asked_for) if "/blob/" in each.topic]


def asked(hub: Hub) -> list[tuple[str, JobEnvelope | ShadowDesired]]:
    """Return what the hub tells now: kiosk and job or shadow."""
    kinds = {"job": JobEnvelope, "shadow": ShadowDesired}
    told = [(each.topic.split("/"), each.payload) for each in jobs.due(hub)]
    return [(place[2], messages.decode(kinds[place[-1]], payload)) for place, payload in told]
