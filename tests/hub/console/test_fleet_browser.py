"""An operator in a real browser: from the list to a kiosk, a verb to its end, an alert taken up."""

from collections.abc import Iterator

import pytest
from fleet_doubles import FleetKiosk, asked
from hub_doubles import KIOSK, KeysDouble
from playwright.sync_api import Browser, Dialog, Page, expect
from specimen_desk import Served, logged_in, served

from contract.clock import SimulatedClock
from contract.jobs import JobEnvelope, ShadowDesired
from contract.messages import JobState
from hub.fleet import alerts, upkeep
from hub.rooms import Hub

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.timeout(300)]


@pytest.fixture
def desk(hub: Hub) -> Iterator[Served]:
    with served(hub, KeysDouble()) as desk:
        yield desk


@pytest.fixture
def kiosk(hub: Hub, clock: SimulatedClock) -> FleetKiosk:
    kiosk = FleetKiosk(hub, clock)
    kiosk.connect()
    kiosk.broken = {"printer": ("DOWN", "PAGE_JAMMED", "Take the sheet out")}
    for _ in range(6):
        kiosk.tell()
        clock.advance(30)
        upkeep.judge(hub)
    return kiosk


def operator(chromium: Browser, desk: Served) -> Page:
    page = logged_in(chromium, desk, "may", "fleet")
    page.set_default_timeout(30_000)
    return page


def answered(hub: Hub, kiosk: FleetKiosk, *states: JobState) -> JobEnvelope:
    ((_, job),) = asked(hub)
    assert isinstance(job, JobEnvelope)
    kiosk.answer(job, *states)
    return job


def test_from_the_list_to_a_kiosk_a_verb_to_its_end_and_an_alert_taken_up(
    chromium: Browser, desk: Served, hub: Hub, kiosk: FleetKiosk
) -> None:
    expect.set_options(timeout=30_000)
    page = operator(chromium, desk)
    said: list[str] = []

    def answer(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.accept("Tôi đến ngay" if dialog.type == "prompt" else "")

    page.on("dialog", answer)
    expect(page.locator("tr.is-fault")).to_contain_text("Take the sheet out")
    page.locator(f"a[href='/console/kiosks/{KIOSK}']").click()
    expect(page.locator("h1")).to_contain_text(KIOSK)

    with page.expect_navigation():
        page.get_by_role("button", name="Ngừng nhận, chờ khách cuối").click()
    assert KIOSK in said[0]
    jobs = page.locator("table.jobs")
    expect(jobs).to_contain_text("Đã gửi")
    job = answered(hub, kiosk, JobState.ACCEPTED, JobState.RUNNING)
    expect(jobs).to_contain_text("Đang làm")  # the page renews itself
    kiosk.answer(job, JobState.DONE)
    expect(jobs).to_contain_text("Xong")

    page.fill("#configure textarea", "telemetry_every_s = 30\npays_by_transfer = true\n")
    with page.expect_navigation():
        page.locator("#configure button").click()
    ((_, shadow),) = asked(hub)
    assert isinstance(shadow, ShadowDesired) and shadow.settings == {"telemetry_every_s": 30, "pays_by_transfer": True}
    kiosk.report(shadow)
    expect(page.locator("dl.details", has_text="Đang dùng")).to_contain_text("1 pays_by_transfer = true")

    page.locator("a[href='/console/alerts']").first.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Tôi nhận việc này").click()
    expect(page.locator("tr[data-alert]")).to_contain_text("Tôi đến ngay")
    with hub.database.reading() as session:
        (row,) = alerts.raised(session)
    assert (row.acknowledged_by, row.note) == ("may", "Tôi đến ngay")
    page.context.close()
