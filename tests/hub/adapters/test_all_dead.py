"""With every system of other agencies dead a whole visit ends well, officers see what fails, and nothing is lost."""

import asyncio
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hub_doubles import PASSWORD, KeysDouble, KioskDouble, approve, bodies, draft_pdf
from msgspec.structs import replace
from sqlalchemy import select
from witness import Witness

from contract import messages
from contract.destinations import PortalTo
from contract.ids import new_ulid
from contract.messages import Certified, Held, NeedAnswered, NeedRequest, RequestEnvelope, WalletPaper
from hub.adapters.ihanoi import HttpIhanoi
from hub.adapters.moj_register import HttpMojRegister
from hub.adapters.moj_reports import MojReports
from hub.adapters.portal import HttpPortal
from hub.adapters.settings import AdaptersConfig, IhanoiConfig, PeerConfig, PopulationConfig, PortalConfig
from hub.config import HubConfig
from hub.console.app import create_app
from hub.delivery.accounts import IhanoiCarrier, PortalCarrier
from hub.delivery.carrier import Carrier
from hub.delivery.worker import DeliveryWorker
from hub.dossiers.portal import HandingOn
from hub.fleet.metrics import scraped
from hub.intake import requests
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.store.tables import Delivery, DeliveryState, MojReport, MojReportState

NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def adapters(tmp_path: Path) -> AdaptersConfig:
    secret = tmp_path / "secret"
    secret.write_text("s" * 40)
    common = {"url": NOBODY, "secret_file": secret}
    return AdaptersConfig(
        moj=PeerConfig(**common),
        vneid=PeerConfig(**common),
        portal=PortalConfig(**common, account="h26", downloads=NOBODY),
        population=PopulationConfig(**common),
        ihanoi=IhanoiConfig(**common, inbound_key=secret),
    )


@pytest.fixture
def config(config: HubConfig, adapters: AdaptersConfig) -> HubConfig:
    return replace(config, adapters=adapters)


def asked_vneid(kiosk: KioskDouble) -> NeedAnswered:
    now = kiosk.hub.clock.now()
    body = NeedRequest(paper=WalletPaper.LICENCE, code="VNEID-MAU-0")
    kiosk.ask(messages.encode(RequestEnvelope(v=1, id=new_ulid(now), at=now, body=body)), "need")
    kiosk.intake.need.close()
    (said,) = bodies(kiosk.intake.need.due())
    assert isinstance(said, NeedAnswered)
    return said


def tell_everybody(hub: Hub, adapters: AdaptersConfig) -> None:
    """Let every worker that speaks with another system try."""
    assert adapters.moj and adapters.portal and adapters.ihanoi
    MojReports(hub, HttpMojRegister(adapters.moj), NOBODY).report_all()
    portal = HttpPortal(adapters.portal, "H26")
    HandingOn(hub, portal, adapters.portal).hand_on_all()
    carriers: list[Carrier] = [
        PortalCarrier(hub, portal, adapters.portal),
        IhanoiCarrier(hub, HttpIhanoi(adapters.ihanoi), adapters.ihanoi),
    ]
    for carrier in carriers:
        asyncio.run(DeliveryWorker(hub, carriers).deliver_all(carrier))


def test_a_whole_visit_ends_well(hub: Hub, kiosk: KioskDouble, signing: SigningQueue, adapters: AdaptersConfig) -> None:
    assert asked_vneid(kiosk).held is Held.UNKNOWN
    witness = Witness(kiosk)
    witness.check = replace(witness.check, may_compare=True)
    paper = witness.queued(draft_pdf(), deliver_to=(PortalTo(number="001090000042"),))
    with TestClient(create_app(hub, lambda: b"{}", KeysDouble()), base_url="https://tram.test") as web:  # type: ignore[arg-type]
        token = web.post("/api/session", json={"login": "mau", "password": PASSWORD}).json()["token"]
        web.cookies.clear()
        officer = {"Authorization": f"Bearer {token}"}
        assert web.get(f"/console/papers/{paper}", headers=officer).status_code == 200
        said = web.post(f"/api/requests/{paper}/identity/population", headers=officer).json()
        assert said["answer"]["reached"] is False
        approve(hub, paper)
        assert signing.sign_next()
        tell_everybody(hub, adapters)
        operator = {
            "Authorization": "Bearer "
            + web.post("/api/session", json={"login": "may", "password": PASSWORD}).json()["token"]
        }
        web.cookies.clear()
        fleet = web.get("/console/fleet", headers=operator).text
        health = web.get("/console/health", headers=operator).text
    (answer,) = bodies(requests.answer(hub, paper))
    assert isinstance(answer, Certified)
    failing = {each.kind for each in hub.sources.all() if not each.is_good}
    assert failing == {"moj", "portal", "vneid", "population"}, "iHanoi had nothing to be told"
    assert "Hệ thống bên ngoài đang không trả lời" in fleet
    for page in (fleet, health):
        assert "[adapters.portal]" in page and "[adapters.population]" in page
    assert 'tram_source_good{kind="portal"' in scraped(hub).decode()
    with hub.database.reading() as session:
        delivery = session.scalars(select(Delivery)).one()
        report = session.scalars(select(MojReport)).one()
    assert (delivery.state, report.state) == (DeliveryState.WAITING, MojReportState.WAITING)
