"""A signed copy reaches the citizen's account at the portal and at iHanoi once, through all that they can do wrong."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from agency_doubles import TOKEN, patience, reached
from fastapi.testclient import TestClient
from hub_doubles import CertifierDouble, KeysDouble, KioskDouble, approve, draft_pdf
from msgspec.structs import replace
from sqlalchemy import select
from witness import Witness

from contract.clock import SimulatedClock
from contract.destinations import Channel, IhanoiTo, PortalTo
from contract.ids import sha256_hex
from contract.messages import CardSource, IdentityResult
from hub.adapters.ihanoi import HttpIhanoi
from hub.adapters.pauses import LONGEST_PAUSE
from hub.adapters.portal import HttpPortal
from hub.adapters.settings import AdaptersConfig, IhanoiConfig, PortalConfig
from hub.config import HubConfig
from hub.console.app import create_app
from hub.delivery.accounts import IhanoiCarrier, PortalCarrier
from hub.delivery.worker import DeliveryWorker
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.store.tables import AuditRow, Delivery, DeliveryState, Issue
from provisioning.onebox.agency_system import AgencySystem, Trouble
from provisioning.onebox.ihanoi_system import IhanoiSystem
from provisioning.onebox.portal_system import PortalSystem

NUMBER = "001090000042"
CODE = "4T7K-9QXM"
PUBLIC = "http://127.0.0.1:1"
EACH = pytest.mark.parametrize("channel", [Channel.PORTAL, Channel.IHANOI])


@pytest.fixture
def systems(tmp_path: Path) -> Iterator[tuple[dict[Channel, AgencySystem], AdaptersConfig]]:
    portal, ihanoi = PortalSystem(TOKEN), IhanoiSystem(TOKEN, b"k" * 40)
    folders = tmp_path / "portal", tmp_path / "ihanoi"
    for each in folders:
        each.mkdir()
    with ExitStack() as stack:
        at_portal = stack.enter_context(reached(portal, PortalConfig, folders[0], account="h26", downloads=PUBLIC))
        at_ihanoi = stack.enter_context(reached(ihanoi, IhanoiConfig, folders[1], inbound_key=folders[1] / "secret"))
        yield {Channel.PORTAL: portal, Channel.IHANOI: ihanoi}, AdaptersConfig(portal=at_portal, ihanoi=at_ihanoi)


@pytest.fixture
def config(config: HubConfig, systems: tuple[dict[Channel, AgencySystem], AdaptersConfig]) -> HubConfig:
    return replace(config, adapters=systems[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A hub that sends to one kind of account."""

    hub: Hub
    channel: Channel
    system: Any

    def sign(self, **identity: object) -> str:
        """Sign a copy that is to go to the account; return its id."""
        to = PortalTo(number=NUMBER) if self.channel is Channel.PORTAL else IhanoiTo(number=NUMBER)
        check = replace(Witness(KioskDouble(self.hub)).check, evidence=None, **identity)
        paper = KioskDouble(self.hub).queue_paper(
            draft_pdf(), identity=check, deliver_to=(to,), follow_sha256=sha256_hex(CODE.encode())
        )
        approve(self.hub, paper)
        assert SigningQueue(self.hub, CertifierDouble()).sign_next()
        with self.hub.database.reading() as session:
            return session.scalars(select(Issue.copy_id)).one()

    def deliver(self, trouble: Trouble | None = None) -> None:
        self.system.trouble = trouble
        carrier = self._carrier(patience(trouble))
        asyncio.run(DeliveryWorker(self.hub, [carrier]).deliver_all(carrier))

    def _carrier(self, deadline_s: float) -> PortalCarrier | IhanoiCarrier:
        portal, ihanoi = self.hub.config.adapters.portal, self.hub.config.adapters.ihanoi
        assert portal and ihanoi
        if self.channel is Channel.PORTAL:
            return PortalCarrier(self.hub, HttpPortal(replace(portal, deadline_s=deadline_s), "H26"), portal)
        return IhanoiCarrier(self.hub, HttpIhanoi(replace(ihanoi, deadline_s=deadline_s)), ihanoi)

    def row(self) -> Delivery:
        with self.hub.database.reading() as session:
            return session.scalars(select(Delivery)).one()

    def address(self) -> str:
        """Where the account fetches the file."""
        if self.channel is Channel.PORTAL:
            (record,) = self.system.records.values()
            assert (record["MaDoiTuong"], record["TrangThaiHoSo"]) == (NUMBER, "10")
            return str(record["DanhSachGiayToKetQua"][0]["DuongDanTepTinKetQua"])
        (result,) = self.system.results.values()
        assert result["owner"] == NUMBER
        return str(result["address"])


def account(hub: Hub, systems: tuple[dict[Channel, AgencySystem], AdaptersConfig], channel: Channel) -> Account:
    return Account(hub=hub, channel=channel, system=systems[0][channel])


@EACH
def test_the_account_fetches_the_very_copy_once_and_no_number_is_kept(
    hub: Hub, systems: tuple[dict[Channel, AgencySystem], AdaptersConfig], channel: Channel
) -> None:
    citizen = account(hub, systems, channel)
    citizen.sign()
    citizen.deliver()
    citizen.deliver()
    row = citizen.row()
    assert (row.state, row.tries, row.address) == (DeliveryState.DELIVERED, 1, b"")
    with TestClient(create_app(hub, lambda: b"{}", KeysDouble())) as web:  # type: ignore[arg-type]
        path = "/d/" + citizen.address().rpartition("/d/")[2]
        fetched = web.get(f"{path}/copy.pdf")
    with hub.database.reading() as session:
        issue = session.scalars(select(Issue)).one()
        told = list(session.scalars(select(AuditRow.subject)))
    assert (fetched.status_code, sha256_hex(fetched.content)) == (200, issue.copy_sha256)
    assert NUMBER not in " ".join(told)


@EACH
def test_receipts_code_shows_how_it_stands_and_not_whose_account_it_is(
    hub: Hub, systems: tuple[dict[Channel, AgencySystem], AdaptersConfig], channel: Channel
) -> None:
    citizen = account(hub, systems, channel)
    citizen.sign()
    with TestClient(create_app(hub, lambda: b"{}", KeysDouble())) as web:  # type: ignore[arg-type]
        waits = web.get("/p", params={"code": CODE})
        citizen.deliver()
        sent = web.get("/p", params={"code": CODE})
    assert (waits.status_code, sent.status_code) == (200, 200)
    assert "đang chờ gửi" in waits.text and "Đã gửi lúc" in sent.text
    assert NUMBER not in waits.text + sent.text


@EACH
def test_whatever_it_does_the_copy_waits_and_stands_in_the_account_once(
    hub: Hub, systems: tuple[dict[Channel, AgencySystem], AdaptersConfig], clock: SimulatedClock, channel: Channel
) -> None:
    citizen = account(hub, systems, channel)
    copy_id = citizen.sign()
    passing = [each for each in Trouble if each is not Trouble.REFUSES]
    if channel is Channel.PORTAL:
        passing.remove(Trouble.ABOUT_ANOTHER)  # its answers do not say what they are about
    for tries, trouble in enumerate(passing, 1):
        citizen.deliver(trouble)
        assert (citizen.row().state, citizen.row().tries) == (DeliveryState.WAITING, tries), trouble
        clock.advance(LONGEST_PAUSE.total_seconds())
    citizen.deliver()
    assert citizen.row().state == DeliveryState.DELIVERED
    held = citizen.system.records if channel is Channel.PORTAL else citizen.system.results
    assert list(held) == [copy_id if channel is Channel.PORTAL else citizen.row().id]
    with TestClient(create_app(hub, lambda: b"{}", KeysDouble())) as web:  # type: ignore[arg-type]
        path = "/d/" + citizen.address().rpartition("/d/")[2]
        assert web.get(f"{path}/copy.pdf").status_code == 200, "the address that it took first still holds"


@EACH
def test_a_refusal_is_left_to_a_person_and_quotes_no_number(
    hub: Hub, systems: tuple[dict[Channel, AgencySystem], AdaptersConfig], channel: Channel
) -> None:
    citizen = account(hub, systems, channel)
    citizen.sign()
    citizen.deliver(Trouble.REFUSES)
    row = citizen.row()
    assert row.state == DeliveryState.REFUSED and "book is closed" in row.last_fault
    assert NUMBER not in row.last_fault


@pytest.mark.parametrize(
    "identity",
    [{"card_verified": False}, {"result": IdentityResult.UNSURE}, {"card": CardSource.PRINTED, "card_verified": False}],
    ids=["chip-not-believed", "not-sure", "printed"],
)
def test_nothing_goes_to_an_account_whose_number_no_chip_has_proven(
    hub: Hub, systems: tuple[dict[Channel, AgencySystem], AdaptersConfig], identity: dict[str, object]
) -> None:
    citizen = account(hub, systems, Channel.PORTAL)
    citizen.sign(**identity)
    citizen.deliver()
    row = citizen.row()
    assert (row.state, row.address, citizen.system.asked) == (DeliveryState.REFUSED, b"", 0)
    assert "not proven" in row.last_fault
