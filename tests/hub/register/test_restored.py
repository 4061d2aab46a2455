"""R7: a hub made of a backup gives no number again that was given after it."""

from hub_doubles import KioskDouble, approve, draft_pdf
from sqlalchemy import select

from hub.register import restored
from hub.register.restored import LastNumber
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import AuditRow, RegisterRow


def certify(hub: Hub, kiosk: KioskDouble, *marks: str) -> None:
    for mark in marks:
        approve(hub, kiosk.queue_paper(draft_pdf(mark=mark)))


def numbers(hub: Hub) -> list[int]:
    with hub.database.reading() as session:
        return list(session.scalars(select(RegisterRow.number).order_by(RegisterRow.number)))


def passed_over(hub: Hub) -> list[str]:
    of_these = select(AuditRow.subject).where(AuditRow.what == audit.Act.NUMBERS_PASSED_OVER)
    with hub.database.reading() as session:
        return list(session.scalars(of_these))


def test_numbers_go_on_after_the_last_that_people_know_and_the_trail_says_so(hub: Hub, kiosk: KioskDouble) -> None:
    certify(hub, kiosk, "a")
    restored.leave_word(hub.config.data_dir, LastNumber(year=2026, number=57))
    restored.take_over(hub)
    restored.take_over(hub)  # at the next start
    certify(hub, kiosk, "b", "c")
    assert numbers(hub) == [1, 58, 59]
    assert passed_over(hub) == ["register/H26.1.23/SCTĐT/BS/2026 2-57"]


def test_a_lower_word_changes_nothing(hub: Hub, kiosk: KioskDouble) -> None:
    certify(hub, kiosk, "a", "b")
    restored.leave_word(hub.config.data_dir, LastNumber(year=2026, number=1))
    restored.take_over(hub)
    certify(hub, kiosk, "c")
    assert numbers(hub) == [1, 2, 3]
    assert passed_over(hub) == []
