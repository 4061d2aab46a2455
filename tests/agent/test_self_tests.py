"""Self-tests over the local API: only while nobody is served, and remembered as the devices' state."""

import httpx
from kiosk_doubles import Town

from agent.devices.errors import PagePrinterJammed
from agent.devices.page_printer import SimulatedPagePrinter
from agent.devices.scanner import Scanner
from agent.devices.ticket_printer import TicketPrinter
from agent.journeys.parts import Kiosk
from agent.journeys.values import Order
from agent.screen.api import Screen
from agent.screen.status import devices


async def _nobody(order: Order) -> str:
    raise AssertionError


def client(kiosk: Kiosk) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(Screen(kiosk, _nobody).app()), base_url="http://kiosk")


async def test_devices_prove_themselves_while_nobody_is_served(town: Town) -> None:
    async with town.kiosk() as kiosk, client(kiosk) as screen:
        said = await screen.post("/self-tests", json={"devices": ["scanner"]})
        assert [line["name"] for line in said.json()] == ["scanner"]
        everything = await screen.post("/self-tests", json={})
        assert [line["name"] for line in everything.json()] == list(kiosk.devices)
        async with kiosk.floor:
            assert (await screen.post("/self-tests", json={})).status_code == 409
        assert (await screen.post("/self-tests", json={"devises": []})).status_code == 422


async def test_test_page_is_printed_only_when_paper_may_be_used(town: Town) -> None:
    async with town.kiosk() as kiosk, client(kiosk) as screen:
        printer = kiosk.printer
        assert isinstance(printer, SimulatedPagePrinter)
        await screen.post("/self-tests", json={"devices": ["printer"]})
        assert printer.received == {}
        said = await screen.post("/self-tests", json={"devices": ["printer"], "printing": True})
        assert said.json()[0]["state"] == "READY"
        assert [pdf[:5] for pdf in printer.received.values()] == [b"%PDF-"]


async def test_since_when_outlives_the_process(town: Town) -> None:
    async with town.kiosk() as kiosk:
        assert isinstance(kiosk.printer, SimulatedPagePrinter)
        kiosk.printer.fault = PagePrinterJammed()
        jammed = {line.name: line for line in await devices(kiosk)}["printer"]
    town.clock.advance(3600)
    async with town.kiosk() as kiosk:
        known = await kiosk.ledger.device_states.all()
    assert known["printer"] == ("DOWN", jammed.since)


async def test_journey_finds_a_device_by_what_it_can_do(town: Town) -> None:
    async with town.kiosk() as kiosk:
        assert kiosk.device(Scanner) is kiosk.scanner  # type: ignore[type-abstract]
        assert kiosk.device(TicketPrinter) is kiosk.tickets  # type: ignore[type-abstract]
