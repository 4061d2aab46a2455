"""Collections of cash at the hub: entered once, in the audit trail, shown with their differences."""

from datetime import UTC, datetime, timedelta

from fastapi.testclient import TestClient
from hub_doubles import KIOSK, PASSWORD, KeysDouble, KioskDouble
from sqlalchemy import select

from contract import messages, topics
from contract.ids import new_ulid
from contract.messages import ClosingFact, FactEnvelope, Found, SettledByHandFact
from hub.console.app import create_app
from hub.rooms import Hub
from hub.store.tables import AuditRow, ClosingRow, FactRow

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def closing(number: int, difference_vnd: int) -> ClosingFact:
    at = AT + timedelta(days=number)
    return ClosingFact(
        request=new_ulid(at),
        number=number,
        collector="Lê Văn Mẫu",
        since=AT if number > 1 else None,
        until=at,
        finished_at=at + timedelta(minutes=10),
        left_before_vnd=100_000,
        received_vnd=50_000,
        returned_vnd=20_000,
        fee_vnd=20_000,
        print_vnd=10_000,
        vouchers_given_vnd=0,
        vouchers_taken_vnd=0,
        unknown_vnd=0,
        open_vnd=0,
        expected_vnd=130_000,
        tubes_vnd=80_000,
        cassette_vnd=50_000 + difference_vnd,
        difference_vnd=difference_vnd,
        collected_vnd=50_000 + difference_vnd,
        left_vnd=80_000,
    )


def tell(kiosk: KioskDouble, body: ClosingFact | SettledByHandFact, fact_id: str, kind: str = "closing") -> None:
    now = kiosk.hub.clock.now()
    envelope = FactEnvelope(v=1, id=fact_id, at=now, body=body)
    (answer,) = kiosk.intake.handle(topics.up(kiosk.id, "fact", kind), messages.encode(envelope))
    assert answer.topic == topics.down(kiosk.id, "ack")


def test_closing_told_twice_is_entered_once_and_stands_in_the_audit_trail(kiosk: KioskDouble, hub: Hub) -> None:
    body, fact_id = closing(1, -10_000), new_ulid(AT)
    tell(kiosk, body, fact_id)
    tell(kiosk, body, fact_id)
    with hub.database.reading() as session:
        (row,) = session.scalars(select(ClosingRow)).all()
        (trail,) = session.scalars(select(AuditRow).where(AuditRow.what == "CASH_CLOSED")).all()
    assert (row.kiosk, row.number, row.collector, row.difference_vnd) == (KIOSK, 1, "Lê Văn Mẫu", -10_000)
    assert trail.subject == f"{body.request} 1 -10000"


def test_closings_are_shown_to_the_operator_newest_first_with_their_differences(kiosk: KioskDouble, hub: Hub) -> None:
    for number, difference_vnd in ((1, 0), (2, -10_000)):
        tell(kiosk, closing(number, difference_vnd), new_ulid(AT))
    client = TestClient(create_app(hub, lambda: b"{}", KeysDouble()))
    assert client.get("/api/closings").status_code == 401
    tokens = {
        login: client.post("/api/session", json={"login": login, "password": PASSWORD}).json()["token"]
        for login in ("nhan", "may")
    }
    refused = client.get("/api/closings", headers={"Authorization": f"Bearer {tokens['nhan']}"})
    assert refused.status_code == 403  # who takes papers in does not see the cash
    token = tokens["may"]
    shown = client.get("/api/closings", params={"kiosk": KIOSK}, headers={"Authorization": f"Bearer {token}"}).json()
    assert [(line["number"], line["difference_vnd"]) for line in shown] == [(2, -10_000), (1, 0)]


def test_page_of_the_cash_shows_what_is_over_and_what_is_short(kiosk: KioskDouble, hub: Hub) -> None:
    for number, difference_vnd in enumerate((0, 10_000, -20_000), start=1):
        tell(kiosk, closing(number, difference_vnd), new_ulid(AT + timedelta(minutes=number)))
    with TestClient(create_app(hub, lambda: b"{}", KeysDouble()), base_url="https://testserver") as browser:
        browser.post("/console/login", data={"login": "mau", "password": PASSWORD})
        page = browser.get("/console/cash").text
        assert page.index("thiếu 20.000 đ") < page.index("thừa 10.000 đ") < page.index("khớp")
        assert "Lê Văn Mẫu" in page and "<b>2</b> lần lệch" in page
        assert "Chưa có lần thu tiền nào" in browser.get("/console/cash?kiosk=tram-99").text
        browser.post("/console/login", data={"login": "nhan", "password": PASSWORD})
        assert "Tiền mặt ở các trạm" not in browser.get("/console/cash").text


def test_word_on_unknown_money_is_kept_with_its_reason_and_stands_in_the_audit_trail_once(
    kiosk: KioskDouble, hub: Hub
) -> None:
    fact_id, visit = new_ulid(AT), new_ulid(AT)
    body = SettledByHandFact(
        request=new_ulid(AT), visit=visit, amount_vnd=3_000, found=Found.RETURNED, reason="Phiếu chi số 7",
        decided_by="Lê Văn Mẫu", decided_at=AT,
    )  # fmt: skip
    for _ in range(2):
        tell(kiosk, body, fact_id, "settled-by-hand")
    with hub.database.reading() as session:
        (trail,) = session.scalars(select(AuditRow).where(AuditRow.what == "MONEY_SETTLED_BY_HAND")).all()
        kept = session.get_one(FactRow, fact_id)
    assert trail.subject == f"{body.request} {visit} 3000 returned"
    assert "Phiếu chi số 7".encode() in kept.body
