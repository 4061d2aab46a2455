"""The officer asks the population database about a card: with consent, recorded, never in the way of the decision."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from agency_doubles import TOKEN, UNAVAILABLE, patience, reached
from fastapi.testclient import TestClient
from hub_doubles import PASSWORD, KeysDouble, KioskDouble, approve
from msgspec.structs import replace
from sqlalchemy import select
from witness import Witness

from contract.clock import SimulatedClock
from hub.adapters.pauses import FIRST_PAUSE
from hub.adapters.peer import Refused, Unavailable
from hub.adapters.population import NdxpPopulation, Person, Says
from hub.adapters.settings import AdaptersConfig, PopulationConfig
from hub.config import HubConfig
from hub.console.app import create_app
from hub.rooms import Hub
from hub.store.tables import AuditRow
from provisioning.onebox.agency_system import Trouble
from provisioning.onebox.population_system import Citizen, PopulationSystem

HER = Citizen(number="001090000042", surname="Nguyễn", middle_name="Văn", name="Mẫu", born="19900131")
CARD = Person(number=HER.number, name="NGUYỄN VĂN MẪU", born=date(1990, 1, 31))
SOMEBODY = Citizen(number="001070000001", surname="Ai", middle_name="", name="Đó", born="1970")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[tuple[PopulationSystem, PopulationConfig]]:
    system = PopulationSystem(TOKEN)
    system.know(SOMEBODY)
    with reached(system, PopulationConfig, tmp_path) as config:
        yield system, config


@pytest.fixture
def config(config: HubConfig, database: tuple[PopulationSystem, PopulationConfig]) -> HubConfig:
    return replace(config, adapters=AdaptersConfig(population=database[1]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """An officer who has a paper with a card before her."""

    web: TestClient
    hub: Hub
    paper: str
    headers: dict[str, str]

    def ask(self) -> Any:
        return self.web.post(f"/api/requests/{self.paper}/identity/population", headers=self.headers)

    def recorded(self) -> list[str]:
        with self.hub.database.reading() as session:
            rows = session.execute(select(AuditRow.who, AuditRow.subject).where(AuditRow.what == "POPULATION_ASKED"))
            return [f"{who} {subject.removeprefix(self.paper).strip()}" for who, subject in rows]


def at_desk(hub: Hub, kiosk: KioskDouble, *, agreed: bool = True) -> Desk:
    witness = Witness(kiosk)
    witness.check = replace(witness.check, may_compare=agreed)
    paper = witness.queued()
    web = TestClient(create_app(hub, lambda: b"{}", KeysDouble()), base_url="https://tram.test")  # type: ignore[arg-type]
    token = web.post("/api/session", json={"login": "mau", "password": PASSWORD}).json()["token"]
    web.cookies.clear()
    headers = {"Authorization": f"Bearer {token}"}
    assert web.put(f"/api/requests/{paper}/claim", headers=headers).status_code == 200
    return Desk(web=web, hub=hub, paper=paper, headers=headers)


def test_the_officer_is_told_what_agrees_and_each_question_is_recorded_here_and_there(
    hub: Hub, kiosk: KioskDouble, database: tuple[PopulationSystem, PopulationConfig]
) -> None:
    system, _ = database
    desk = at_desk(hub, kiosk)
    told = desk.ask().json()
    assert told["answer"] == {"says": "UNKNOWN", "differing": [], "reached": True}
    assert "không nói gì về người dân" in told["vi"]
    system.know(HER)
    assert desk.ask().json()["answer"]["says"] == "SAME"
    system.know(Citizen(number=HER.number, surname="Nguyễn", middle_name="Thị", name="Mẫu", born="1991"))
    told = desk.ask().json()
    assert told["answer"]["differing"] == ["NAME", "BORN"]
    assert told["vi"] == "Cơ sở dữ liệu dân cư ghi khác: họ tên, ngày sinh"
    assert desk.recorded() == ["mau UNKNOWN", "mau SAME", "mau DIFFERS"]
    assert system.asked_by == ["mau"] * 3


def test_without_consent_or_the_paper_nobody_is_asked(
    hub: Hub, kiosk: KioskDouble, database: tuple[PopulationSystem, PopulationConfig]
) -> None:
    desk = at_desk(hub, kiosk, agreed=False)
    assert desk.ask().json()["code"] == "LOOKUP_NOT_AGREED"
    agreed = at_desk(hub, kiosk)
    agreed.web.delete(f"/api/requests/{agreed.paper}/claim", headers=agreed.headers)
    assert agreed.ask().json()["code"] == "NOT_OPENED"
    assert (database[0].asked, agreed.recorded()) == (0, [])


def test_the_page_offers_it_only_where_it_may_be_asked(hub: Hub, kiosk: KioskDouble) -> None:
    for agreed in (True, False):
        desk = at_desk(hub, kiosk, agreed=agreed)
        page = desk.web.get(f"/console/papers/{desk.paper}", headers=desk.headers).text
        assert ('data-act="population"' in page) is agreed


def test_a_database_that_is_dead_is_left_alone_and_the_paper_is_decided(
    hub: Hub, kiosk: KioskDouble, database: tuple[PopulationSystem, PopulationConfig], clock: SimulatedClock
) -> None:
    system, _ = database
    desk = at_desk(hub, kiosk)
    system.trouble = Trouble.ERROR
    for _ in range(3):
        told = desk.ask().json()
        assert told["answer"]["reached"] is False and "Vẫn quyết định được" in told["vi"]
    assert system.asked == 1
    assert desk.recorded() == ["mau NO_ANSWER"] * 3
    approve(hub, desk.paper)
    clock.advance(FIRST_PAUSE.total_seconds())
    assert [source.kind for source in hub.sources.all() if not source.is_good] == ["population"]


@pytest.mark.parametrize("trouble", UNAVAILABLE)
def test_no_trouble_of_the_database_is_taken_for_an_answer(
    database: tuple[PopulationSystem, PopulationConfig], trouble: Trouble
) -> None:
    system, config = database
    system.know(HER)
    system.trouble = trouble
    asked = NdxpPopulation(replace(config, deadline_s=patience(trouble)))
    with pytest.raises(Unavailable):
        asked.compare(CARD, request="r", officer="mau")


@pytest.mark.parametrize("encoding", ["hex", "none-such"])
def test_an_answer_in_an_encoding_that_nobody_knows_is_none(
    database: tuple[PopulationSystem, PopulationConfig], encoding: str
) -> None:
    system, config = database
    system.trouble, system.wrong_schema = (
        Trouble.WRONG_SCHEMA,
        f'<?xml version="1.0" encoding="{encoding}"?><a/>'.encode(),
    )
    with pytest.raises(Unavailable):
        NdxpPopulation(config).compare(CARD, request="r", officer="mau")


def test_a_year_alone_and_spelling_agree_a_refusal_is_none_of_both(
    database: tuple[PopulationSystem, PopulationConfig],
) -> None:
    system, config = database
    system.know(Citizen(number=HER.number, surname="nguyễn", middle_name=" văn", name="MẪU", born="1990"))
    asked = NdxpPopulation(config)
    assert asked.compare(CARD, request="r", officer="mau").says is Says.SAME
    system.trouble = Trouble.REFUSES
    with pytest.raises(Refused):
        asked.compare(CARD, request="r", officer="mau")
