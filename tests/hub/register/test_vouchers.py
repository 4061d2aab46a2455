"""Vouchers at the hub: paid once, whoever asks, however often, and only if a kiosk of this hub signed them."""

import pytest
from fastapi.testclient import TestClient
from hub_doubles import KIOSK, PASSWORD, PREPARING_KIOSK, KeysDouble, KioskDouble, bodies
from sqlalchemy import select
from voucher_doubles import ISSUED, Maker

from contract import messages, topics
from contract.ids import new_ulid
from contract.messages import FactEnvelope, Redeemed, RedeemRequest, Rejected, RequestEnvelope, VoucherFact
from hub.console.app import create_app
from hub.register import vouchers
from hub.rooms import Hub
from hub.store.tables import AuditRow, Kiosk, VoucherRow

pytestmark = pytest.mark.both_databases


@pytest.fixture
def maker(hub: Hub) -> Maker:
    maker = Maker(KIOSK)
    vouchers.know_certificates(hub, {KIOSK: maker.certificate})
    return maker


def redeem(kiosk: KioskDouble, code: str, request_id: str = "") -> tuple[messages.Reply, bytes]:
    now = kiosk.hub.clock.now()
    envelope = RequestEnvelope(v=1, id=request_id or new_ulid(now), at=now, body=RedeemRequest(code=code))
    payload = messages.encode(envelope)
    return bodies(kiosk.ask(payload, "redeem"))[0], payload


def test_a_voucher_is_paid_at_another_kiosk_before_its_maker_reported_it(hub: Hub, maker: Maker) -> None:
    said, _ = redeem(KioskDouble(hub, PREPARING_KIOSK), maker.code(7_000))
    assert isinstance(said, Redeemed)
    assert said.amount_vnd == 7_000


def test_a_revoked_key_makes_no_voucher_but_what_its_kiosk_told_before_is_paid(hub: Hub, maker: Maker) -> None:
    told, untold = new_ulid(ISSUED), new_ulid(ISSUED)
    with hub.database.writing() as session:
        vouchers.note_issued(session, session.get_one(Kiosk, KIOSK), told, 12_000, ISSUED)
    vouchers.know_certificates(hub, {}, {f"{maker.certificate.serial_number:X}": hub.clock.now()})
    other = KioskDouble(hub, PREPARING_KIOSK)
    assert isinstance(redeem(other, maker.code(voucher_id=told))[0], Redeemed)
    refused, _ = redeem(other, maker.code(voucher_id=untold))
    assert isinstance(refused, Rejected) and "revoked" in refused.cause


def test_the_same_request_again_gets_the_same_answer_and_another_one_a_refusal(
    kiosk: KioskDouble, maker: Maker
) -> None:
    code = maker.code()
    first, payload = redeem(kiosk, code)
    assert bodies(kiosk.ask(payload, "redeem")) == [first]
    second, _ = redeem(kiosk, code)
    assert isinstance(second, Rejected)
    assert second.code == "VOUCHER_USED" and KIOSK in second.cause


def test_paid_at_the_counter_is_paid_at_the_kiosk_too(hub: Hub, kiosk: KioskDouble, maker: Maker) -> None:
    code = maker.code(9_000)
    client = TestClient(create_app(hub, lambda: b"{}", KeysDouble()))
    token = client.post("/api/session", json={"login": "mau", "password": PASSWORD}).json()["token"]
    said = {"Authorization": f"Bearer {token}"}
    form = {"code": code, "key": "slip-0001"}
    paid = client.post("/api/vouchers/redeem", json=form, headers=said)
    assert paid.status_code == 201 and paid.json()["amount_vnd"] == 9_000
    assert client.post("/api/vouchers/redeem", json=form, headers=said).json() == paid.json()
    again = client.post("/api/vouchers/redeem", json=form | {"key": "slip-0002"}, headers=said)
    assert again.status_code == 409 and again.json()["code"] == "VOUCHER_USED"
    at_kiosk, _ = redeem(kiosk, code)
    assert isinstance(at_kiosk, Rejected) and at_kiosk.code == "VOUCHER_USED"


def test_nobody_pays_without_login(hub: Hub, maker: Maker) -> None:
    client = TestClient(create_app(hub, lambda: b"{}", KeysDouble()))
    assert client.post("/api/vouchers/redeem", json={"code": maker.code(), "key": "slip-0001"}).status_code == 401


@pytest.mark.parametrize("case", ["stranger", "other-kiosk", "changed", "no-code"])
def test_what_no_kiosk_of_this_hub_signed_is_not_paid(kiosk: KioskDouble, maker: Maker, case: str) -> None:
    good = maker.code()
    code = {
        "stranger": Maker(KIOSK).code(),
        "other-kiosk": maker.code(named=PREPARING_KIOSK),
        "changed": good[:-9] + ("A" if good[-9] != "A" else "B") + good[-8:],
        "no-code": "https://tram.example.vn/P",
    }[case]
    said, _ = redeem(kiosk, code)
    assert isinstance(said, Rejected) and said.code == "VOUCHER_FORGED"
    with kiosk.hub.database.reading() as session:
        assert session.scalars(select(VoucherRow)).all() == []


def test_a_voucher_known_with_another_amount_is_not_paid(hub: Hub, kiosk: KioskDouble, maker: Maker) -> None:
    voucher_id = new_ulid(ISSUED)
    report(kiosk, voucher_id, 5_000)
    said, _ = redeem(kiosk, maker.code(50_000, voucher_id=voucher_id))
    assert isinstance(said, Rejected) and said.code == "VOUCHER_CONTRADICTION"


def test_a_reported_voucher_is_paid_with_its_report(hub: Hub, kiosk: KioskDouble, maker: Maker) -> None:
    voucher_id = new_ulid(ISSUED)
    report(kiosk, voucher_id, 5_000)
    said, _ = redeem(kiosk, maker.code(5_000, voucher_id=voucher_id))
    assert said == Redeemed(voucher=voucher_id, amount_vnd=5_000)
    with hub.database.reading() as session:
        assert "VOUCHER_PAID" in session.scalars(select(AuditRow.what)).all()


def report(kiosk: KioskDouble, voucher_id: str, amount_vnd: int) -> None:
    now = kiosk.hub.clock.now()
    body = VoucherFact(request=voucher_id, amount_vnd=amount_vnd, issued_at=ISSUED)
    payload = messages.encode(FactEnvelope(v=1, id=new_ulid(now), at=now, body=body))
    (ack,) = kiosk.intake.handle(topics.up(kiosk.id, "fact", "voucher"), payload)
    assert ack.topic.endswith("/down/ack")
