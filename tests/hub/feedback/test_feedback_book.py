"""Citizens' feedback at the hub: counted once, read, answered once under its tracking code, forgotten in time."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from feedback_doubles import said, tell
from hub_doubles import PREPARING_KIOSK, KeysDouble, KioskDouble
from sqlalchemy import select

from contract.clock import SimulatedClock
from contract.messages import Ack, Rejected
from contract.tracking import LENGTH, LETTERS, new_code, read_code
from hub.console import sessions
from hub.console.app import create_app
from hub.feedback import book
from hub.register import retention
from hub.rooms import Hub
from hub.store.tables import AuditRow, FactRow, FeedbackRow, Officer

CODE = "4T7K-9QXM-0C3D"
WORDS = "Máy in <b>kẹt</b> giấy, tôi chờ rất lâu"
NOBODY = [0, 0, 0, 0, 0]


class NoTrust:
    """No trust statement: these pages need none."""

    def __call__(self) -> bytes:
        return b"{}"

    def signed(self) -> bytes:
        return b""


@pytest.fixture
def web(hub: Hub) -> Iterator[TestClient]:
    with TestClient(create_app(hub, NoTrust(), KeysDouble()), base_url="https://testserver") as web:
        yield web


def logged_in(hub: Hub, login: str) -> dict[str, str]:
    with hub.database.reading() as session:
        officer = session.get_one(Officer, login)
    return {"Authorization": f"Bearer {sessions.open_for(hub, officer, via=sessions.BY_PASSWORD).token}"}


def faces(hub: Hub) -> list[int]:
    with hub.database.reading() as session:
        return list(book.tally(session, hub.clock.now()).values())


def row(hub: Hub) -> FeedbackRow:
    with hub.database.reading() as session:
        return session.scalars(select(FeedbackRow)).one()


@pytest.mark.both_databases
def test_face_is_counted_once_however_often_it_comes_and_only_for_a_month(hub: Hub, clock: SimulatedClock) -> None:
    assert isinstance(tell(hub, said(hub, face=5), times=3), Ack)
    assert isinstance(tell(hub, said(hub, face=1)), Ack)
    assert faces(hub) == [1, 0, 0, 0, 1]
    clock.advance(book.COUNTED.total_seconds() + 1)
    assert faces(hub) == NOBODY


def test_words_are_kept_in_the_book_alone(hub: Hub) -> None:
    tell(hub, said(hub, WORDS))
    assert row(hub).words == WORDS
    with hub.database.reading() as session:
        assert "kẹt".encode() not in session.scalars(select(FactRow)).one().body
        assert all("kẹt" not in each.subject for each in session.scalars(select(AuditRow)))


def test_feedback_is_tied_to_a_paper_of_its_own_kiosk_or_to_none(hub: Hub, kiosk: KioskDouble) -> None:
    paper = kiosk.queue_paper()
    foreign = tell(hub, said(hub, about=paper), kiosk=PREPARING_KIOSK)
    assert isinstance(foreign, Rejected)
    assert foreign.code == "NOT_YOURS"
    assert faces(hub) == NOBODY
    assert isinstance(tell(hub, said(hub, about=paper)), Ack)
    assert row(hub).about == paper


def test_citizen_reads_the_answer_under_the_code_and_nobody_sees_the_words_there(hub: Hub, web: TestClient) -> None:
    tell(hub, said(hub, WORDS, face=2, code=CODE))
    before = web.get(f"/f/{CODE}").text
    assert "đã nhận lúc 09:00 23/11/2026" in before
    feedback = row(hub).id
    given = web.put(
        f"/api/feedback/{feedback}/answer",
        json={"text": "Đã thay máy in.\nXin lỗi <bạn>."},
        headers=logged_in(hub, "may"),
    )
    assert given.status_code == 204
    for typed in (CODE, "4t7k 9qxm oc3d"):
        page = web.get("/f", params={"code": typed})
        assert page.status_code == 200
        assert "Đã thay máy in.\nXin lỗi &lt;bạn&gt;." in page.text
        assert "kẹt" not in page.text
    assert row(hub).answered_by == "may"


def test_answer_is_given_once_and_only_to_who_asked(hub: Hub, web: TestClient) -> None:
    tell(hub, said(hub, "Tốt"))
    tell(hub, said(hub, WORDS, code=CODE))
    with hub.database.reading() as session:
        asked, plain = (each.id for each in session.scalars(select(FeedbackRow).order_by(FeedbackRow.words)))
    may = logged_in(hub, "may")
    answer = {"text": "Xin cảm ơn."}
    asked_for = [
        web.put(f"/api/feedback/{each}/answer", json=answer, headers=may) for each in (asked, asked, plain, "x")
    ]
    assert [each.status_code for each in asked_for] == [204, 409, 409, 404]
    assert asked_for[1].json()["code"] == "ALREADY_ANSWERED"


def test_only_who_may_answers_and_reading_is_in_the_audit_trail(hub: Hub, web: TestClient) -> None:
    tell(hub, said(hub, WORDS, code=CODE))
    refused = web.put(
        f"/api/feedback/{row(hub).id}/answer", json={"text": "Xin cảm ơn."}, headers=logged_in(hub, "nhan")
    )
    assert refused.status_code == 403
    page = web.get("/console/feedback", headers=logged_in(hub, "may"))
    assert "Máy in &lt;b&gt;kẹt&lt;/b&gt; giấy" in page.text
    with hub.database.reading() as session:
        trail = session.scalars(select(AuditRow).where(AuditRow.what == "FEEDBACK_READ")).all()
    assert [each.who for each in trail] == ["may"]


@pytest.mark.parametrize("code", ["4T7K-9QXM-0C3E", "4T7K", "ỗ", "0" * 40])
def test_unknown_code_says_that_the_kiosk_may_not_have_sent_it_yet(hub: Hub, web: TestClient, code: str) -> None:
    tell(hub, said(hub, WORDS, code=CODE))
    page = web.get("/f", params={"code": code})
    assert page.status_code == 404
    assert "thử lại sau ít phút" in page.text
    assert web.get("/f").status_code == 200


def test_words_are_forgotten_but_no_question_without_an_answer(hub: Hub, clock: SimulatedClock) -> None:
    tell(hub, said(hub, "Tốt", face=5))
    tell(hub, said(hub, WORDS, code=CODE))
    clock.advance(book.KEPT.total_seconds() + 1)
    retention.sweep(hub)
    with hub.database.reading() as session:
        kept = {each.words: each.id for each in session.scalars(select(FeedbackRow))}
    assert set(kept) == {"", WORDS}
    book.answer(hub, "may", kept[WORDS], "Xin lỗi.")
    clock.advance(book.KEPT.total_seconds() - 1)
    retention.sweep(hub)
    assert book.standing(hub, CODE) is not None
    clock.advance(2)
    retention.sweep(hub)
    assert book.standing(hub, CODE) is None
    with hub.database.reading() as session:
        rows = session.scalars(select(FeedbackRow)).all()
    assert [(each.words, each.answer) for each in rows] == [("", "")] * 2
    assert sorted(each.face for each in rows) == [4, 5]


def test_codes_differ_and_are_read_back_from_what_a_hand_writes() -> None:
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100
    for code in codes:
        assert set(code.replace("-", "")) <= set(LETTERS)
        assert len(code.replace("-", "")) == LENGTH
        assert read_code(code.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == code
    assert read_code("4T7K-9QXM-0C3U") is None  # no U in Crockford's letters
