"""Transfers at the hub: the bank's signed word, once however often it comes; each đồng with a kiosk or on the list."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fastapi.testclient import TestClient
from hub_doubles import KIOSK, PASSWORD, PREPARING_KIOSK, KeysDouble, KioskDouble, bodies, opened

from contract import messages, topics
from contract.clock import SimulatedClock
from contract.ids import new_ulid
from contract.messages import (
    Ack,
    FactEnvelope,
    Rejected,
    RequestEnvelope,
    TransferAwaited,
    TransferFact,
    TransferRequest,
)
from hub.config import BankConfig, HubConfig
from hub.console.app import create_app
from hub.faults import ConfigInvalid
from hub.register import transfers
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import Kiosk

KEY, ACCOUNT, REFERENCE = b"k" * 40, "0011001234567", "TRAM0123456789AB"


@pytest.fixture
def config(config: HubConfig, tmp_path: Path) -> HubConfig:
    key = tmp_path / "bank.key"
    key.write_bytes(KEY + b"\n")
    bank = BankConfig(bank_bin="970436", account=ACCOUNT, account_name="UBND PHUONG MAU", webhook_key=key)
    return msgspec.structs.replace(config, bank=bank)


class Bank:
    """The bank's adapter; its signing shares no code with the hub."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.web = hub, TestClient(create_app(hub, lambda: b"{}", KeysDouble()))

    def tell(self, transaction: str = "FT26.1", *, at_s: float | None = None, key: bytes = KEY, **changes: Any) -> Any:
        body = {
            "transaction": transaction, "account": ACCOUNT, "amount_vnd": 4_000,
            "memo": f"MBVCB.123.{REFERENCE}.CT tu 0011", "booked_at": "2026-11-23T02:00:00+07:00",
        } | changes  # fmt: skip
        raw = json.dumps(body).encode()
        at = str(int(self.hub.clock.now().timestamp() if at_s is None else at_s))
        signature = hmac.new(key, f"{at}.".encode() + raw, hashlib.sha256).hexdigest()
        return self.web.post("/bank/transfers", content=raw, headers={"Tram-Signature": f"t={at},v1={signature}"})

    def log_in(self) -> None:
        session = self.web.post("/api/session", json={"login": "nhan", "password": PASSWORD}).json()
        self.web.headers["Authorization"] = f"Bearer {session['token']}"

    def refunds(self) -> list[tuple[str, str]]:
        return [(each["transaction"], each["why"]) for each in self.web.get("/api/refunds").json()]


@pytest.fixture
def bank(hub: Hub) -> Bank:
    return Bank(hub)


def order(
    kiosk: KioskDouble, reference: str = REFERENCE, order_id: str = "", amount_vnd: int = 4_000
) -> tuple[str, Any]:
    now = kiosk.hub.clock.now()
    body = TransferRequest(reference=reference, amount_vnd=amount_vnd, valid_until=now + timedelta(minutes=5))
    envelope = RequestEnvelope(v=1, id=order_id or new_ulid(now), at=now, body=body)
    (reply,) = bodies(kiosk.ask(messages.encode(envelope), "transfer"))
    return envelope.id, reply


def answer(kiosk: KioskDouble, order_id: str, *, taken: bool, transaction: str = "FT26.1") -> Any:
    now = kiosk.hub.clock.now()
    fact = TransferFact(request=order_id, transaction=transaction, amount_vnd=4_000, taken=taken)
    payload = messages.encode(FactEnvelope(v=1, id=new_ulid(now), at=now, body=fact))
    (told,) = kiosk.intake.handle(topics.up(kiosk.id, "fact", "transfer"), payload)
    return told


def test_an_order_is_answered_with_the_account_and_again_with_the_same(kiosk: KioskDouble) -> None:
    order_id, reply = order(kiosk)
    assert reply == TransferAwaited(bank_bin="970436", account=ACCOUNT, account_name="UBND PHUONG MAU")
    assert order(kiosk, order_id=order_id)[1] == reply
    refused = order(kiosk, order_id=order_id, amount_vnd=9_000)[1]
    assert isinstance(refused, Rejected) and refused.code == "REPLAYED_ID"


def test_a_transfer_is_told_until_the_kiosk_answers_and_then_no_more(
    hub: Hub, kiosk: KioskDouble, bank: Bank, clock: SimulatedClock
) -> None:
    order_id, _ = order(kiosk)
    assert bank.tell().json() == {"transaction": "FT26.1", "state": "AWAITING_KIOSK"}
    for pause_s in (0, 5, 10, 20):
        clock.advance(pause_s)
        ((to, notice),) = transfers.due(hub)
        assert (to, notice.request, notice.amount_vnd) == (KIOSK, order_id, 4_000)
        assert transfers.due(hub) == []
    answer(kiosk, order_id, taken=True)
    clock.advance(3_600)
    assert transfers.due(hub) == []
    assert bank.tell().json()["state"] == "TAKEN"
    bank.log_in()
    assert bank.refunds() == []


def test_a_kiosk_that_comes_back_is_told_at_once(hub: Hub, kiosk: KioskDouble, bank: Bank) -> None:
    order(kiosk)
    bank.tell()
    assert transfers.due(hub) and not transfers.due(hub)
    state = messages.State(
        v=1, online=True, since=hub.clock.now(), version="1", legal_mode=messages.LegalMode.PILOT_REMOTE
    )
    kiosk.intake.handle(topics.up(KIOSK, "state"), messages.encode(state))
    assert len(transfers.due(hub)) == 1


def test_the_same_transfer_told_ten_times_is_one(hub: Hub, kiosk: KioskDouble, bank: Bank) -> None:
    order(kiosk)
    assert {bank.tell().status_code for _ in range(10)} == {200}
    assert len(transfers.due(hub)) == 1
    assert bank.tell(amount_vnd=5_000).json()["code"] == "TRANSFER_CONTRADICTION"


@pytest.mark.parametrize("memo", ["tien photo", "", "TRAM", "TRAM0123456789AC", "TRAM 01234567"])
def test_a_transfer_without_a_known_reference_is_listed_for_a_person(bank: Bank, kiosk: KioskDouble, memo: str) -> None:
    order(kiosk)
    assert bank.tell(memo=memo).json()["state"] == "TO_REFUND"
    bank.log_in()
    assert bank.refunds() == [("FT26.1", "UNKNOWN_REFERENCE")]


@pytest.mark.parametrize(
    "memo", [REFERENCE.lower(), f"TRAM TRAM {REFERENCE}xyz", "MB-TRAM.0123.4567.89AB", f"NGUYEN VAN A {REFERENCE}"]
)
def test_what_banks_do_to_a_memo_does_not_hide_the_reference(bank: Bank, kiosk: KioskDouble, memo: str) -> None:
    order(kiosk)
    assert bank.tell(memo=memo).json()["state"] == "AWAITING_KIOSK"


def test_a_late_transfer_goes_to_the_list_and_is_given_back_once(hub: Hub, kiosk: KioskDouble, bank: Bank) -> None:
    order_id, _ = order(kiosk)
    bank.tell()
    assert isinstance(messages.decode(Ack, answer(kiosk, order_id, taken=False).payload), Ack)
    assert bank.web.get("/api/refunds").status_code == 401
    bank.log_in()
    assert bank.refunds() == [("FT26.1", "NOT_TAKEN")]
    how = {"how": "chuyển trả lại, lệnh 12"}
    assert [bank.web.post("/api/refunds/FT26.1", json=how).status_code for _ in range(2)] == [201, 201]
    assert bank.web.post("/api/refunds/FT26.1", json={"how": "tiền mặt"}).status_code == 409
    assert bank.refunds() == []
    with hub.database.reading() as session:
        assert audit.first_broken_row(session) is None


def test_a_transfer_that_a_kiosk_has_or_may_take_is_not_given_back(
    hub: Hub, kiosk: KioskDouble, bank: Bank, clock: SimulatedClock
) -> None:
    order_id, _ = order(kiosk)
    bank.tell()
    bank.log_in()
    assert bank.web.post("/api/refunds/FT26.1", json={"how": "tiền mặt"}).status_code == 409
    clock.advance(25 * 3_600)
    bank.log_in()
    assert bank.refunds() == [("FT26.1", "KIOSK_SILENT")]
    assert bank.web.post("/api/refunds/FT26.1", json={"how": "tiền mặt"}).status_code == 409
    with hub.database.writing() as session:
        session.get_one(Kiosk, KIOSK).revoked_at = clock.now()
    assert bank.web.post("/api/refunds/FT26.1", json={"how": "tiền mặt"}).status_code == 201
    assert bank.web.post("/api/refunds/FT0", json={"how": "tiền mặt"}).status_code == 404
    assert order_id


def test_another_kiosk_can_t_answer_for_a_transfer(hub: Hub, kiosk: KioskDouble, bank: Bank) -> None:
    order_id, _ = order(kiosk)
    bank.tell()
    told = messages.decode(
        messages.ReplyEnvelope, answer(KioskDouble(hub, PREPARING_KIOSK), order_id, taken=True).payload
    )
    assert isinstance(told.body, Rejected) and told.body.code == "NOT_YOURS"
    assert bank.tell().json()["state"] == "AWAITING_KIOSK"


def test_a_word_that_is_not_the_bank_s_or_not_of_now_is_not_taken(bank: Bank, kiosk: KioskDouble) -> None:
    order(kiosk)
    now_s = bank.hub.clock.now().timestamp()
    assert bank.tell(key=b"x" * 40).json()["code"] == "BANK_UNSIGNED"
    assert bank.web.post("/bank/transfers", content=b"{}").json()["code"] == "BANK_UNSIGNED"
    assert bank.tell(at_s=now_s - 301).json()["code"] == "BANK_STALE"
    assert bank.tell(at_s=now_s + 301).json()["code"] == "BANK_STALE"
    assert bank.tell(account="999").json()["code"] == "BANK_MALFORMED"
    assert bank.web.post("/bank/transfers", content=b"x" * 20_000).json()["code"] == "BANK_MALFORMED"
    assert bank.tell(amount_vnd=0).json()["code"] == "BANK_MALFORMED"
    assert bank.tell(amount_vnd="4000").json()["code"] == "BANK_MALFORMED"
    assert not transfers.due(bank.hub)


def test_what_was_heard_outlives_the_hub(config: HubConfig, clock: SimulatedClock) -> None:
    first = opened(config, clock)
    kiosk = KioskDouble(first)
    order_id, _ = order(kiosk)
    Bank(first).tell()
    first.database.close()
    second = opened(config, clock)
    ((_, notice),) = transfers.due(second)
    assert notice.request == order_id
    second.database.close()


def test_without_an_account_nothing_is_promised(hub: Hub) -> None:
    bare = Hub(
        **{name: getattr(hub, name) for name in hub.__slots__}
        | {"config": msgspec.structs.replace(hub.config, bank=None)}
    )
    reply = order(KioskDouble(bare))[1]
    assert isinstance(reply, Rejected) and reply.code == "NO_TRANSFERS"
    assert Bank(bare).tell().json()["code"] == "BANK_NOT_KNOWN"


def test_a_key_that_is_missing_or_short_is_named(tmp_path: Path) -> None:
    for content in (None, b"short"):
        path = tmp_path / "key"
        if content:
            path.write_bytes(content)
        with pytest.raises(ConfigInvalid, match="webhook_key"):
            BankConfig(bank_bin="970436", account=ACCOUNT, account_name="X", webhook_key=path).key()


def test_moments_are_kept_in_utc(hub: Hub, kiosk: KioskDouble, bank: Bank) -> None:
    order(kiosk)
    bank.tell()
    ((_, notice),) = transfers.due(hub)
    assert notice.booked_at == datetime(2026, 11, 22, 19, 0, tzinfo=UTC)
