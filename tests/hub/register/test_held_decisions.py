"""Claims, taking back within 30 s, and that a number is allotted only when the decision takes effect."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from hub_doubles import CertifierDouble, KeyDouble, KioskDouble, draft_pdf, opened
from sqlalchemy import func, select

from contract.clock import SimulatedClock
from contract.messages import NotCertified, Presented, Priority, Waiting
from hub.config import HubConfig
from hub.faults import AlreadyDecided, ClaimedByColleague, NotAuthorised, TooLateToTakeBack
from hub.intake import requests
from hub.register import claims, held, retention, waiting
from hub.register.decisions import Decision
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import HeldDecision, Officer, PaperTime, RegisterRow, RequestRow, Verdict

APPROVE = Decision(verdict=Verdict.APPROVE, original_seen=Presented.KIOSK_BED_CAMERA)
REFUSE = Decision(verdict=Verdict.REFUSE, ground="A22_2_DAMAGED", text="Không đọc được dòng 2.")


def numbers(hub: Hub) -> list[int]:
    with hub.database.reading() as session:
        return list(session.scalars(select(RegisterRow.number).order_by(RegisterRow.number)))


def state(hub: Hub, paper: str) -> str:
    with hub.database.reading() as session:
        return session.get_one(RequestRow, paper).state


def told(hub: Hub, paper: str) -> object:
    from hub_doubles import bodies

    return bodies(requests.answer(hub, paper))[-1]


def test_refusal_reaches_the_kiosk_after_thirty_seconds_and_not_before(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    paper = kiosk.queue_paper()
    held.hold(hub, "mau", paper, REFUSE)
    clock.advance(29.9)
    assert held.settle_due(hub) == 0
    assert isinstance(told(hub, paper), Waiting)
    clock.advance(0.1)
    assert held.settle_due(hub) == 1
    answer = told(hub, paper)
    assert isinstance(answer, NotCertified)
    assert answer.text == "Không đọc được dòng 2."


def test_decision_taken_back_leaves_no_number_and_no_answer(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    first, second = (kiosk.queue_paper(draft_pdf(mark=mark)) for mark in "ab")
    held.hold(hub, "mau", first, APPROVE)
    held.take_back(hub, "mau", first)
    assert state(hub, first) == "QUEUED"
    held.hold(hub, "mau", second, APPROVE)
    held.hold(hub, "mau", first, REFUSE)
    clock.advance(30)
    assert held.settle_due(hub) == 2
    assert numbers(hub) == [1]
    assert (state(hub, first), state(hub, second)) == ("REFUSED", "APPROVED")


def test_take_back_is_too_late_after_thirty_seconds_also_where_the_worker_is_slow(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    paper = kiosk.queue_paper()
    held.hold(hub, "mau", paper, APPROVE)
    clock.advance(30)
    with pytest.raises(TooLateToTakeBack):
        held.take_back(hub, "mau", paper)
    held.settle_due(hub)
    with pytest.raises(TooLateToTakeBack):
        held.take_back(hub, "mau", paper)


def test_nobody_takes_back_a_colleagues_decision(hub: Hub, kiosk: KioskDouble) -> None:
    paper = kiosk.queue_paper()
    held.hold(hub, "mau", paper, APPROVE)
    with pytest.raises(TooLateToTakeBack):
        held.take_back(hub, "hai", paper)
    with pytest.raises(AlreadyDecided, match="mau"):
        held.hold(hub, "hai", paper, REFUSE)


def test_approval_waits_for_the_officers_own_key_and_the_colleagues_key_does_not_help(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    paper = kiosk.queue_paper()
    hub.open_keys.close("mau")
    held.hold(hub, "mau", paper, APPROVE)
    clock.advance(3600)
    assert hub.open_keys.of("hai") is not None
    assert held.settle_due(hub) == 0
    assert (numbers(hub), held.waiting_for_key(hub, "mau")) == ([], 1)
    hub.open_keys.put("mau", KeyDouble(), console="", until=clock.now() + timedelta(hours=1))
    assert held.settle_due(hub) == 1
    assert (numbers(hub), held.waiting_for_key(hub, "mau")) == ([1], 0)


def test_allotted_number_is_not_signed_while_the_key_is_locked(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock, signing: SigningQueue, certifier: CertifierDouble
) -> None:
    held.hold(hub, "mau", kiosk.queue_paper(), APPROVE)
    held.confirm(hub, "mau")
    hub.open_keys.close("mau")
    assert not signing.sign_next()
    assert held.waiting_for_key(hub, "mau") == 1
    hub.open_keys.put("mau", KeyDouble(), console="", until=clock.now() + timedelta(hours=1))
    assert signing.sign_next()
    assert len(certifier.certified) == 1


def test_confirming_settles_only_the_officers_own_decisions(hub: Hub, kiosk: KioskDouble) -> None:
    mine, theirs = (kiosk.queue_paper(draft_pdf(mark=mark)) for mark in "ab")
    held.hold(hub, "mau", mine, APPROVE)
    held.hold(hub, "hai", theirs, APPROVE)
    assert held.confirm(hub, "mau") == 1
    assert (state(hub, mine), state(hub, theirs)) == ("APPROVED", "DECIDED")


def test_hub_that_dies_with_held_decisions_settles_each_once_after_the_restart(
    hub: Hub, kiosk: KioskDouble, config: HubConfig, clock: SimulatedClock
) -> None:
    for mark in "abc":
        held.hold(hub, "mau", kiosk.queue_paper(draft_pdf(mark=mark)), APPROVE)
    hub.database.close()
    clock.advance(60)
    again = opened(config, clock)
    with ThreadPoolExecutor(8) as workers:
        settled = list(workers.map(lambda _: held.settle_due(again), range(8)))
    assert sum(settled) == 3
    assert numbers(again) == [1, 2, 3]
    with again.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(HeldDecision)) == 0
        assert audit.first_broken_row(session) is None
    again.database.close()


def test_taking_back_races_with_taking_effect_and_one_of_them_wins(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    papers = [kiosk.queue_paper(draft_pdf(mark=str(n))) for n in range(12)]
    for paper in papers:
        held.hold(hub, "mau", paper, APPROVE)

    def takes_back(paper: str) -> bool:
        try:
            held.take_back(hub, "mau", paper)
        except TooLateToTakeBack:
            return False
        return True

    with ThreadPoolExecutor(13) as hands:
        confirming = hands.submit(held.confirm, hub, "mau")
        back = sum(hands.map(takes_back, papers))
    assert confirming.result() + back == len(papers)
    assert numbers(hub) == list(range(1, len(papers) - back + 1))


def test_authority_that_ended_meanwhile_sends_the_paper_back_to_the_queue(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    paper = kiosk.queue_paper()
    held.hold(hub, "mau", paper, APPROVE)
    with hub.database.writing() as session:
        session.get_one(Officer, "mau").valid_to = clock.now().date() - timedelta(days=1)
    clock.advance(30)
    assert held.settle_due(hub) == 0
    assert (state(hub, paper), numbers(hub)) == ("QUEUED", [])


def test_decision_that_never_took_effect_expires_with_its_paper(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    paper = kiosk.queue_paper()
    hub.open_keys.close("mau")
    held.hold(hub, "mau", paper, APPROVE)
    clock.advance(72 * 3600)
    retention.sweep(hub)
    assert state(hub, paper) == "EXPIRED"
    assert held.settle_due(hub) == 0


def test_two_officers_race_for_a_paper_and_one_gets_it(hub: Hub, kiosk: KioskDouble) -> None:
    paper = kiosk.queue_paper()

    def takes(login: str) -> bool:
        try:
            claims.take(hub, login, paper)
        except ClaimedByColleague:
            return False
        return True

    with ThreadPoolExecutor(8) as officers:
        got = list(officers.map(takes, ["mau", "hai"] * 4))
    assert sum(got) == 4  # one of the two, as often as he asked
    loser = "hai" if got[0] else "mau"
    with pytest.raises(ClaimedByColleague, match="looking at this paper"):
        held.hold(hub, loser, paper, REFUSE)


def test_lease_runs_out_by_itself(hub: Hub, kiosk: KioskDouble, clock: SimulatedClock) -> None:
    paper = kiosk.queue_paper()
    claims.take(hub, "mau", paper)
    clock.advance(claims.LEASE.total_seconds())
    claims.take(hub, "hai", paper)
    with pytest.raises(ClaimedByColleague):
        claims.take(hub, "mau", paper)


def test_paper_handed_on_comes_next_for_the_colleague_and_for_nobody_else(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    older, handed = kiosk.queue_paper(draft_pdf(mark="a")), ""
    clock.advance(1)
    handed = kiosk.queue_paper(draft_pdf(mark="b"))
    claims.hand_on(hub, "mau", handed, "hai")
    assert waiting.next_for(hub, "hai") == handed
    assert waiting.next_for(hub, "mau") == older
    claims.take(hub, "hai", handed)
    clock.advance(claims.HANDED_ON_FOR.total_seconds())
    assert waiting.next_for(hub, "mau", after=older) == handed


@pytest.mark.parametrize("colleague", ["mau", "may", "nobody"], ids=["himself", "an operator", "nobody"])
def test_paper_is_handed_only_to_somebody_who_decides(hub: Hub, kiosk: KioskDouble, colleague: str) -> None:
    with pytest.raises(NotAuthorised):
        claims.hand_on(hub, "mau", kiosk.queue_paper(), colleague)


def test_elderly_and_disabled_are_served_first_and_told_so(hub: Hub, kiosk: KioskDouble, clock: SimulatedClock) -> None:
    first = kiosk.queue_paper(draft_pdf(mark="a"))
    clock.advance(60)
    elderly = kiosk.queue_paper(draft_pdf(mark="b"), priority=Priority.ELDERLY)
    assert waiting.next_for(hub, "mau") == elderly
    answers = [told(hub, paper) for paper in (elderly, first)]
    assert [answer.position for answer in answers if isinstance(answer, Waiting)] == [0, 1]


def test_time_is_kept_without_name_paper_or_hour_and_only_when_the_decision_stands(
    hub: Hub, kiosk: KioskDouble, clock: SimulatedClock
) -> None:
    taken_back, stands = (kiosk.queue_paper(draft_pdf(mark=mark)) for mark in "ab")
    held.hold(hub, "mau", taken_back, APPROVE, 4.0)
    held.take_back(hub, "mau", taken_back)
    held.hold(hub, "mau", stands, APPROVE, 7.5)
    clock.advance(30)
    held.settle_due(hub)
    with hub.database.reading() as session:
        (row,) = session.scalars(select(PaperTime))
    assert {column.key for column in PaperTime.__table__.columns} == {
        "id",
        "day",
        "kind",
        "pages",
        "verdict",
        "seconds",
    }
    assert (row.seconds, row.kind, row.verdict) == (7.5, "KHAI_SINH", "approve")
