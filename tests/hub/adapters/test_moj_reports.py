"""The Ministry's simulated system behaves badly in every way: each entry arrives once, and no copy waits for it."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from agency_doubles import TOKEN, UNAVAILABLE, patience, reached
from hub_doubles import KioskDouble, approve, draft_pdf
from sqlalchemy import select
from starlette.responses import Response

from contract.clock import SimulatedClock
from hub.adapters.moj_register import Entry, HttpMojRegister, MojEvent
from hub.adapters.moj_reports import MojReports, counted
from hub.adapters.pauses import FIRST_PAUSE, LONGEST_PAUSE
from hub.adapters.peer import SIGNATURE, Unavailable
from hub.adapters.settings import PeerConfig
from hub.faults import ConfigInvalid
from hub.register import annulments
from hub.register.annulments import Annulment, ReasonClass
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.store.tables import Issue, IssueState, MojReport, MojReportState
from provisioning.onebox.agency_system import Trouble
from provisioning.onebox.moj_system import MojSystem

WAITING, DONE, REFUSED = MojReportState.WAITING, MojReportState.DONE, MojReportState.REFUSED
ENTRY = Entry(
    event=MojEvent.ISSUED, copy_id="0" * 26, agency="UBND", agency_code="H26", label="01", title="Giấy khai sinh",
    signer="Trần Thị Mẫu", signer_title="Phó Chủ tịch", copies=1, at=datetime(2026, 11, 23, tzinfo=UTC),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ministry:
    """The system, and the hub's reports to it."""

    system: MojSystem
    reports: MojReports
    hub: Hub
    signing: SigningQueue

    def sign(self, mark: str = "a") -> str:
        """Sign a copy; return its id."""
        approve(self.hub, KioskDouble(self.hub).queue_paper(draft_pdf(mark=mark)))
        assert self.signing.sign_next()
        with self.hub.database.reading() as session:
            return session.scalars(select(Issue.copy_id).order_by(Issue.copy_id.desc())).first() or ""

    def standing(self) -> dict[MojReportState, int]:
        with self.hub.database.reading() as session:
            return {state: count for state, count in counted(session).items() if count}


@pytest.fixture
def moj(tmp_path: Path) -> Iterator[tuple[MojSystem, PeerConfig]]:
    system = MojSystem(TOKEN)
    with reached(system, PeerConfig, tmp_path) as config:
        yield system, config


@pytest.fixture
def ministry(moj: tuple[MojSystem, PeerConfig], hub: Hub, signing: SigningQueue) -> Ministry:
    return with_reports(*moj, hub, signing)


def with_reports(system: MojSystem, config: PeerConfig, hub: Hub, signing: SigningQueue) -> Ministry:
    reports = MojReports(hub, HttpMojRegister(config), config.url)
    return Ministry(system=system, reports=reports, hub=hub, signing=signing)


@pytest.mark.both_databases
def test_entry_is_reported_once_with_what_the_register_says_but_no_requester(ministry: Ministry) -> None:
    copy_id = ministry.sign()
    ministry.reports.report_all()
    ministry.reports.report_all()
    (entry,) = ministry.system.entries.values()
    assert (entry["copy_id"], entry["label"], entry["title"]) == (
        copy_id,
        "01, quyển số 01/2026-SCTĐT/BS",
        "Giấy khai sinh",
    )
    assert "Nguyễn Văn Mẫu" not in str(entry)
    assert ministry.system.asked == 1
    with ministry.hub.database.reading() as session:
        assert session.scalars(select(MojReport)).one().receipt == "BTP-1"


@pytest.mark.parametrize("header", [b'{"alg":"ES256","crit":1}', b'{"alg":"ES256","crit":[[]]}', b"[]", b"{"])
def test_signature_that_is_no_signature_stops_neither_reports_nor_hub(
    ministry: Ministry, monkeypatch: pytest.MonkeyPatch, header: bytes
) -> None:
    def signed(content: bytes) -> Response:
        return Response(content, headers={SIGNATURE: f"{urlsafe_b64encode(header).decode().rstrip('=')}..AAAA"})

    monkeypatch.setattr(ministry.system, "_signed", signed)
    ministry.sign()
    ministry.reports.report_all()
    assert ministry.standing() == {WAITING: 1}


@pytest.mark.parametrize("trouble", UNAVAILABLE)
def test_whatever_it_does_the_copy_is_signed_and_the_entry_arrives_once_it_behaves(
    moj: tuple[MojSystem, PeerConfig], hub: Hub, signing: SigningQueue, clock: SimulatedClock, trouble: Trouble
) -> None:
    system, config = moj
    ministry = with_reports(system, msgspec.structs.replace(config, deadline_s=patience(trouble)), hub, signing)
    system.trouble = trouble
    copy_id = ministry.sign()
    ministry.reports.report_all()
    assert ministry.standing() == {WAITING: 1}
    (source,) = ministry.hub.sources.all()
    assert source.fault
    with ministry.hub.database.reading() as session:
        assert session.get_one(Issue, copy_id).state == IssueState.SIGNED
    ministry.system.trouble = None
    ministry.reports.report_all()
    assert ministry.standing() == {WAITING: 1}  # it rests first
    clock.advance(FIRST_PAUSE.total_seconds())
    ministry.reports.report_all()
    assert ministry.standing() == {DONE: 1}
    assert len(ministry.system.entries) == 1
    assert ministry.hub.sources.all()[0].is_good


def test_while_it_is_down_it_is_asked_ever_more_seldom_and_not_for_each_entry(
    ministry: Ministry, clock: SimulatedClock
) -> None:
    ministry.system.trouble = Trouble.ERROR
    for mark in "abcd":
        ministry.sign(mark)
    ministry.reports.report_all()
    assert ministry.system.asked == 1
    for _ in range(24 * 60):
        clock.advance(60)
        ministry.reports.report_all()
    longest = LONGEST_PAUSE.total_seconds()
    assert 24 * 3600 / longest <= ministry.system.asked < 4 * (24 * 3600 / longest + 10)
    ministry.system.trouble = None
    clock.advance(longest)
    ministry.reports.report_all()
    assert ministry.standing() == {DONE: 4}


def test_entry_that_it_refuses_is_left_to_a_person_and_holds_up_nothing(
    ministry: Ministry, clock: SimulatedClock
) -> None:
    ministry.system.trouble = Trouble.REFUSES
    ministry.sign("a")
    ministry.reports.report_all()
    ministry.system.trouble = None
    ministry.sign("b")
    clock.advance(LONGEST_PAUSE.total_seconds() * 3)
    ministry.reports.report_all()
    assert ministry.standing() == {DONE: 1, REFUSED: 1}
    with ministry.hub.database.reading() as session:
        refused = session.scalars(select(MojReport).where(MojReport.state == REFUSED)).one()
    assert "book is closed" in refused.last_fault


def test_annulment_follows_its_copy_and_carries_the_decision(ministry: Ministry, clock: SimulatedClock) -> None:
    ministry.system.trouble = Trouble.ERROR
    copy_id = ministry.sign()
    annulment = Annulment(decision_no="QĐ 5/QĐ-UBND", reason_class=ReasonClass.ENTRY_WRONG, text="Ghi sai tên.")
    annulments.record(ministry.hub, "mau", copy_id, annulment)
    ministry.reports.report_all()
    ministry.system.trouble = None
    clock.advance(LONGEST_PAUSE.total_seconds())
    ministry.reports.report_all()
    events = [(entry["event"], entry["decision_no"]) for entry in ministry.system.entries.values()]
    assert events == [("ISSUED", ""), ("ANNULLED", "QĐ 5/QĐ-UBND")]


def test_what_was_signed_before_the_adapter_was_configured_is_reported_too(
    moj: tuple[MojSystem, PeerConfig], hub: Hub, signing: SigningQueue
) -> None:
    system, config = moj
    for mark in "ab":
        approve(hub, KioskDouble(hub).queue_paper(draft_pdf(mark=mark)))
        signing.sign_next()
    MojReports(hub, HttpMojRegister(config), config.url).report_all()
    assert len(system.entries) == 2


def test_wrong_token_is_no_refusal_of_the_entry(ministry: Ministry, moj: tuple[MojSystem, PeerConfig]) -> None:
    moj[1].secret_file.write_text("ff")
    ministry.sign()
    MojReports(ministry.hub, HttpMojRegister(moj[1]), moj[1].url).report_all()
    assert ministry.standing() == {WAITING: 1}
    assert "401" in ministry.hub.sources.all()[0].fault


def test_nobody_there_is_told_as_such(tmp_path: Path) -> None:
    nobody = PeerConfig(url="http://127.0.0.1:9", secret_file=tmp_path / "token")
    with pytest.raises(ConfigInvalid, match="token"):
        HttpMojRegister(nobody)
    nobody.secret_file.write_text("x")
    with pytest.raises(Unavailable, match="can't be reached"):
        HttpMojRegister(nobody).report(ENTRY)
