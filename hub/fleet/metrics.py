"""Fleet and hub as Prometheus scrapes them: counted from the database at each scrape, nothing about persons."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.delivery import deliveries
from hub.fleet import alerts
from hub.fleet.view import Sight, sights
from hub.register import clock_guard
from hub.rooms import Hub
from hub.signing.roles import Role
from hub.store.tables import (
    CertificateRow,
    Issue,
    IssueState,
    LogCheckpoint,
    LogLeaf,
    RequestRow,
    RequestState,
    Upgrade,
    UpgradeState,
    VoucherRow,
)


def scraped(hub: Hub) -> bytes:
    """Return all metrics in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(hub))
    return generate_latest(registry)


class _Collector(Collector):
    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def collect(self) -> Iterator[Metric]:
        with self._hub.database.reading() as session:
            seen = sights(session)
            yield from _kiosks(seen)
            yield from _devices(seen)
            yield _alerts(session)
            yield from self._papers(session)
            yield from _log(session)
            yield from _upgrades(session)
            yield _deliveries(session)
            yield from _certificates(session)
        yield from _sources(self._hub)
        believed = float(clock_guard.doubt_of(self._hub) is None)
        yield GaugeMetricFamily("tram_clock_believed", "1 while the hub's own clock may date a copy", believed)

    def _papers(self, session: Session) -> Iterator[Metric]:
        papers = GaugeMetricFamily("tram_papers", "Papers by where they are on their way", labels=["state"])
        counted = dict(session.execute(select(RequestRow.state, func.count()).group_by(RequestRow.state)).all())
        for state in RequestState:
            papers.add_metric([state], counted.get(state, 0))
        yield papers
        oldest = session.scalar(select(func.min(RequestRow.queued_at)).where(RequestRow.state == RequestState.QUEUED))
        waited_s = (self._hub.clock.now() - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily(
            "tram_oldest_paper_waits_seconds", "How long the oldest undecided paper waits", waited_s
        )
        yield CounterMetricFamily("tram_copies_signed", "Certified copies signed", _count(session, IssueState.SIGNED))
        yield GaugeMetricFamily(
            "tram_copies_to_sign", "Copies with a number that wait for signatures", _count(session, IssueState.ALLOTTED)
        )
        failures = session.scalar(select(func.sum(Issue.failures))) or 0
        yield CounterMetricFamily("tram_signing_failures", "Signatures that could not be made at a try", failures)
        owed = session.scalar(select(func.sum(VoucherRow.amount_vnd)).where(VoucherRow.redeemed_at.is_(None))) or 0
        yield GaugeMetricFamily("tram_vouchers_owed_vnd", "Vouchers that were not paid yet", owed)


def _kiosks(seen: list[Sight]) -> Iterator[Metric]:
    online = GaugeMetricFamily("tram_kiosk_online", "1 where the kiosk is connected", labels=["kiosk"])
    heard = GaugeMetricFamily("tram_kiosk_heard_timestamp_seconds", "When the kiosk was heard last", labels=["kiosk"])
    about = GaugeMetricFamily("tram_kiosk_info", "Where it stands and what runs", labels=["kiosk", "mode", "version"])
    for sight in seen:
        online.add_metric([sight.kiosk.id], float(sight.online))
        version = sight.state.version if sight.state else ""
        about.add_metric([sight.kiosk.id, sight.kiosk.legal_mode, version], 1)
        if sight.heard_at is not None:
            heard.add_metric([sight.kiosk.id], sight.heard_at.timestamp())
    yield from (online, heard, about)


def _devices(seen: list[Sight]) -> Iterator[Metric]:
    states = GaugeMetricFamily("tram_device_state", "1 for its present state", labels=["kiosk", "device", "state"])
    vitals = GaugeMetricFamily("tram_kiosk_vital", "What a kiosk measures of itself", labels=["kiosk", "vital"])
    for sight in seen:
        if sight.telemetry is None:
            continue
        for device in sight.telemetry.devices:
            states.add_metric([sight.kiosk.id, device.name, device.state], 1)
        for name, value in sight.vitals.items():
            vitals.add_metric([sight.kiosk.id, name], value)
    yield from (states, vitals)


def _alerts(session: Session) -> Metric:
    labels = ["kiosk", "rule", "cause", "severity", "acknowledged"]
    there = GaugeMetricFamily("tram_alert", "1 for each alert that is not over", labels=labels)
    for row in alerts.raised(session):
        acknowledged = "yes" if row.acknowledged_at else "no"
        there.add_metric([row.kiosk, row.rule, row.cause, row.severity, acknowledged], 1)
    return there


def _log(session: Session) -> Iterator[Metric]:
    leaves = session.scalar(select(func.count()).select_from(LogLeaf)) or 0
    published = session.scalar(select(func.max(LogCheckpoint.size))) or 0
    yield CounterMetricFamily("tram_log_leaves", "Leaves of the public log", leaves)
    yield GaugeMetricFamily("tram_log_published_leaves", "Leaves under the newest signed head", published)


def _upgrades(session: Session) -> Iterator[Metric]:
    states = GaugeMetricFamily("tram_upgrades", "Copies signed below B-LTA by what became of it", labels=["state"])
    counted = dict(session.execute(select(Upgrade.state, func.count()).group_by(Upgrade.state)).all())
    for state in UpgradeState:
        states.add_metric([state], counted.get(state, 0))
    yield states


def _deliveries(session: Session) -> Metric:
    there = GaugeMetricFamily(
        "tram_deliveries", "Copies that are sent, but for failures a person has seen to", labels=["channel", "state"]
    )
    for (channel, state), count in sorted(deliveries.counted(session).items()):
        there.add_metric([channel, state], count)
    return there


def _certificates(session: Session) -> Iterator[Metric]:
    ends = GaugeMetricFamily(
        "tram_certificate_expires_timestamp_seconds",
        "When a certificate in use ends; of the officers' the fingerprint tells whose",
        labels=["role", "kiosk", "sha256"],
    )
    for row in session.scalars(select(CertificateRow).where(CertificateRow.retired_at.is_(None))):
        kiosk = row.whose if row.role == Role.KIOSK else ""
        ends.add_metric([row.role, kiosk, row.sha256[:16]], row.not_after.timestamp())
    yield ends


def _sources(hub: Hub) -> Iterator[Metric]:
    good = GaugeMetricFamily(
        "tram_source_good", "1 where a service outside answered well when asked last", labels=["kind", "name"]
    )
    failures = CounterMetricFamily(
        "tram_source_failures", "Times a service outside failed or lied since the hub started", labels=["kind", "name"]
    )
    for state in hub.sources.all():
        good.add_metric([state.kind, state.name], float(state.is_good))
        failures.add_metric([state.kind, state.name], state.failures)
    yield from (good, failures)


def _count(session: Session, state: IssueState) -> int:
    return session.scalar(select(func.count()).where(Issue.state == state)) or 0
