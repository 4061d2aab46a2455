"""Two machines with one identity are found out by their greetings, quarantined, and released by a person."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from enrolment_doubles import OPERATOR, made
from fleet_doubles import FleetKiosk
from hub_doubles import KIOSK, KioskDouble, draft_pdf

from agent.ledger.ledger import Ledger
from agent.ledger.starts import Start
from contract import messages
from contract.clock import SimulatedClock
from contract.messages import LegalMode, Rejected, ReplyEnvelope, State
from hub.enrolment import starts
from hub.faults import UnknownThing
from hub.rooms import Hub
from hub.store.tables import Kiosk, LastSeen


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    here = made(tmp_path_factory.mktemp("clones"), SimulatedClock(datetime(2026, 11, 23, 2, 0, tzinfo=UTC)))
    yield here.hub
    here.hub.database.close()


@pytest.fixture
def hub(shared: Hub) -> Hub:
    """The file's hub, which knows no start of the kiosk (yet)."""
    shared.clock.advance(3600)  # type: ignore[attr-defined]
    with shared.database.writing() as session:
        starts.forget(session, session.get_one(Kiosk, KIOSK), shared.clock.now())
    return shared


def greet(hub: Hub, number: int, nonce: str, *, late_s: float = 0.0, online: bool = True) -> list:
    """Say hello one second later than the one before, return the answers; `late_s` puts the moment it was said back."""
    hub.clock.advance(1)  # type: ignore[attr-defined]
    at = hub.clock.now()
    said = State(
        v=1, online=online, since=at.replace(second=0, minute=0) if late_s else at, version="1",
        legal_mode=LegalMode.PILOT_REMOTE, start=number, nonce=nonce * 32,
    )  # fmt: skip
    return FleetKiosk(hub, hub.clock).publish("state", messages.encode(said))  # type: ignore[arg-type]


def quarantined(hub: Hub) -> str:
    with hub.database.reading() as session:
        kiosk = session.get_one(Kiosk, KIOSK)
    return kiosk.quarantine_cause if kiosk.quarantined_at else ""


def test_one_machine_that_comes_and_goes_and_starts_again_is_one_machine(hub: Hub) -> None:
    for number, nonce in ((1, "a"), (1, "a"), (2, "b"), (4, "c"), (4, "c")):  # start 3 never reached the hub
        greet(hub, number, nonce)
    assert quarantined(hub) == ""


def test_a_copied_disk_that_counts_the_same_start_is_found_out(hub: Hub) -> None:
    greet(hub, 5, "a")
    greet(hub, 5, "b")
    assert quarantined(hub) == "start 5 was said with two nonces"


def test_a_copy_that_started_long_ago_is_found_out_when_it_speaks(hub: Hub) -> None:
    greet(hub, 5, "a")
    greet(hub, 9, "b")
    greet(hub, 6, "c")
    assert quarantined(hub) == "start 6 spoke after start 9 had begun"


def test_the_true_machine_is_heard_after_its_copy_ran_ahead(hub: Hub) -> None:
    greet(hub, 5, "a")
    greet(hub, 7, "b")
    greet(hub, 5, "a")
    assert quarantined(hub) != ""


def test_a_late_greeting_and_a_last_will_of_an_earlier_start_prove_nothing(hub: Hub) -> None:
    greet(hub, 5, "a")
    greet(hub, 6, "b")
    greet(hub, 5, "a", late_s=1)
    greet(hub, 5, "a", online=False)
    assert quarantined(hub) == ""


def test_a_kiosk_that_does_not_count_is_not_judged(hub: Hub) -> None:
    FleetKiosk(hub, hub.clock).connect()  # type: ignore[arg-type]
    greet(hub, 3, "a")
    FleetKiosk(hub, hub.clock).connect()  # type: ignore[arg-type]
    assert quarantined(hub) == ""


def refusal_of(answers: list) -> Rejected:
    (reply,) = (messages.decode(ReplyEnvelope, each.payload).body for each in answers)
    assert isinstance(reply, Rejected)
    return reply


def test_in_quarantine_requests_are_refused_with_the_true_cause_and_facts_are_kept_by_the_kiosk(hub: Hub) -> None:
    greet(hub, 5, "a")
    greet(hub, 5, "b")
    kiosk = KioskDouble(hub)
    asked = refusal_of(kiosk.ask(kiosk.request(draft_pdf())[1]))
    assert asked.code == "KIOSK_QUARANTINED" and asked.final
    assert asked.cause == "Two machines seem to be the kiosk tram-01: start 5 was said with two nonces."
    assert "find out which machine is the true one" in asked.remedy
    fact = refusal_of(FleetKiosk(hub, hub.clock).publish("fact/printed", b"{}"))  # type: ignore[arg-type]
    assert fact.code == "KIOSK_QUARANTINED" and not fact.final


def test_in_quarantine_a_greeting_and_telemetry_are_kept_and_answered_with_the_refusal(hub: Hub) -> None:
    kiosk = FleetKiosk(hub, hub.clock)  # type: ignore[arg-type]
    assert greet(hub, 5, "a") == [] and kiosk.tell() == []
    for answers in (greet(hub, 5, "b"), greet(hub, 5, "b"), kiosk.tell()):
        assert refusal_of(answers).code == "KIOSK_QUARANTINED"
    with hub.database.reading() as session:
        rooms = {row.room for row in session.query(LastSeen).filter_by(kiosk=KIOSK)}
    assert rooms == {"state", "telemetry"}


def test_an_operator_still_sees_a_kiosk_in_quarantine_and_releases_it(hub: Hub) -> None:
    greet(hub, 5, "a")
    greet(hub, 5, "b")
    fleet = FleetKiosk(hub, hub.clock)  # type: ignore[arg-type]
    fleet.tell()
    starts.release(hub, OPERATOR, KIOSK)
    kiosk = KioskDouble(hub)
    assert kiosk.ask(kiosk.request(draft_pdf())[1])
    assert quarantined(hub) == ""
    greet(hub, 1, "c")  # the true one, on a new disk: it begins to count anew
    assert quarantined(hub) == ""
    greet(hub, 1, "d")
    assert quarantined(hub) == "start 1 was said with two nonces"


def test_a_kiosk_that_is_not_in_quarantine_is_not_released(hub: Hub) -> None:
    with pytest.raises(UnknownThing, match="not in quarantine"):
        starts.release(hub, OPERATOR, KIOSK)


async def test_a_kiosk_counts_its_starts_for_ever_and_draws_a_nonce_at_each(tmp_path, clock) -> None:
    seen: list[Start] = []
    for _ in range(3):
        ledger = await Ledger.open(tmp_path, clock)
        seen.append(await ledger.starts.begin())
        await ledger.close()
    assert [each.number for each in seen] == [1, 2, 3]
    assert len({each.nonce for each in seen}) == 3 and all(len(each.nonce) == 32 for each in seen)
