"""R1–R5, R23: who may decide what, and what a decision must say."""

import pytest
from hub_doubles import PREPARING_KIOSK, KioskDouble, approve, bodies, draft_pdf
from sqlalchemy import func, select

from contract.messages import NotCertified, Presented, Rescan, Waiting
from hub.faults import AlreadyDecided, DecisionIncomplete, NotAuthorised, UnknownThing
from hub.intake import requests
from hub.register import decisions
from hub.register.decisions import Decision
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.store.tables import DecisionRow, RegisterRow, Verdict

pytestmark = pytest.mark.both_databases

APPROVE = Decision(verdict=Verdict.APPROVE, original_seen=Presented.KIOSK_BED_CAMERA)
REFUSE = Decision(verdict=Verdict.REFUSE, ground="A22_1_ALTERED", text="Có tẩy xóa ở dòng 3.")
RESCAN = Decision(verdict=Verdict.RESCAN, page=1, text="Trang bị mờ.")


def recorded(hub: Hub) -> tuple[int, int]:
    """Return how many decisions and register rows there are."""
    with hub.database.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(table)) or 0 for table in (DecisionRow, RegisterRow)]
    return counts[0], counts[1]


def test_nothing_is_signed_without_a_decision(hub: Hub, kiosk: KioskDouble, signing: SigningQueue) -> None:
    kiosk.queue_paper()
    assert not signing.sign_next()
    assert recorded(hub) == (0, 0)


def test_refusal_is_told_in_writing_with_its_ground_and_uses_no_number(hub: Hub, kiosk: KioskDouble) -> None:
    paper = kiosk.queue_paper()
    decisions.record(hub, "mau", paper, REFUSE)
    (body,) = bodies(requests.answer(hub, paper))
    assert isinstance(body, NotCertified)
    assert (body.ground, body.text, body.decided_by) == ("A22_1_ALTERED", "Có tẩy xóa ở dòng 3.", "Trần Thị Mẫu")
    assert recorded(hub) == (1, 0)


def test_rescan_names_the_page(hub: Hub, kiosk: KioskDouble) -> None:
    paper = kiosk.queue_paper()
    decisions.record(hub, "nhan", paper, RESCAN)
    assert bodies(requests.answer(hub, paper)) == [Rescan(page=1, text="Trang bị mờ.")]


def test_approved_paper_still_waits_until_it_is_signed(hub: Hub, kiosk: KioskDouble) -> None:
    paper = kiosk.queue_paper()
    approve(hub, paper)
    (body,) = bodies(requests.answer(hub, paper))
    assert isinstance(body, Waiting)


@pytest.mark.parametrize(
    ("login", "decision"),
    [("cu", APPROVE), ("nhan", APPROVE), ("may", APPROVE), ("may", REFUSE)],
    ids=["authority expired", "intake officer", "operator approves", "operator refuses"],
)
def test_who_has_no_authority_today_decides_nothing(
    hub: Hub, kiosk: KioskDouble, login: str, decision: Decision
) -> None:
    with pytest.raises(NotAuthorised):
        decisions.record(hub, login, kiosk.queue_paper(), decision)
    assert recorded(hub) == (0, 0)


@pytest.mark.parametrize(
    "decision",
    [
        Decision(verdict=Verdict.APPROVE),
        Decision(verdict=Verdict.REFUSE, text="Lý do."),
        Decision(verdict=Verdict.REFUSE, ground="A22_1_ALTERED", text="  "),
        Decision(verdict=Verdict.REFUSE, ground="BECAUSE", text="Lý do."),
        Decision(verdict=Verdict.REFUSE, ground="NOT_NEEDED_VNEID", text="Đã có trên VNeID."),
        Decision(verdict=Verdict.RESCAN, page=2),
    ],
    ids=["original not seen", "no ground", "no text", "unknown ground", "ground that only advises", "no such page"],
)
def test_incomplete_decision_is_not_recorded(hub: Hub, kiosk: KioskDouble, decision: Decision) -> None:
    with pytest.raises(DecisionIncomplete):
        decisions.record(hub, "mau", kiosk.queue_paper(), decision)
    assert recorded(hub) == (0, 0)


def test_kiosk_that_only_prepares_needs_the_original_at_the_counter(hub: Hub) -> None:
    paper = KioskDouble(hub, PREPARING_KIOSK).queue_paper()
    with pytest.raises(DecisionIncomplete, match="counter"):
        decisions.record(hub, "mau", paper, APPROVE)
    decisions.record(hub, "mau", paper, Decision(verdict=Verdict.APPROVE, original_seen=Presented.COUNTER))
    assert recorded(hub) == (1, 1)


def test_second_officer_is_told_who_was_quicker(hub: Hub, kiosk: KioskDouble) -> None:
    paper = kiosk.queue_paper()
    approve(hub, paper)
    with pytest.raises(AlreadyDecided, match="mau"):
        decisions.record(hub, "hai", paper, REFUSE)
    assert recorded(hub) == (1, 1)


def test_paper_whose_draft_is_not_whole_can_not_be_decided(hub: Hub, kiosk: KioskDouble) -> None:
    request_id, payload = kiosk.request(draft_pdf())
    kiosk.ask(payload)
    with pytest.raises(AlreadyDecided, match="COLLECTING"):
        approve(hub, request_id)


def test_unknown_paper(hub: Hub) -> None:
    with pytest.raises(UnknownThing):
        approve(hub, "0" * 26)
