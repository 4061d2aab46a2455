"""The operator's pages over HTTP: readable without scripts, closed to whoever may not, no kiosk's word is code."""

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from fastapi.testclient import TestClient
from fleet_doubles import FleetKiosk, asked
from hub_doubles import KIOSK, PASSWORD, PREPARING_KIOSK, KeysDouble
from sqlalchemy import select

from contract.clock import SimulatedClock
from contract.ids import new_ulid
from contract.jobs import JobEnvelope
from contract.messages import JobState
from contract.vitals import BY_NAME
from hub.console import plots, sessions
from hub.console.access import COOKIE
from hub.console.app import create_app
from hub.fleet import alerts, upkeep
from hub.fleet.history import Point
from hub.rooms import Hub
from hub.roster import Role
from hub.store.tables import AuditRow, JobRow, Officer

BASE = "https://console.test"


@pytest.fixture
def web(hub: Hub) -> Iterator[TestClient]:
    with TestClient(create_app(hub, lambda: b"{}", KeysDouble()), base_url=BASE, follow_redirects=False) as client:
        yield client


@pytest.fixture
def kiosk(hub: Hub, clock: SimulatedClock) -> FleetKiosk:
    kiosk = FleetKiosk(hub, clock)
    kiosk.connect()
    kiosk.tell()
    return kiosk


def enter(web: TestClient, login: str = "may") -> dict[str, str]:
    web.cookies.clear()
    assert web.post("/console/login", data={"login": login, "password": PASSWORD}).status_code == 303
    return {"x-csrf-token": sessions.csrf_token(web.cookies[COOKIE])}


def broken(kiosk: FleetKiosk) -> str:
    """Break the printer for as long as it takes to be an alert; return the alert's id."""
    kiosk.broken = {"printer": ("DOWN", "PAGE_JAMMED", "Take the sheet out")}
    for _ in range(6):
        kiosk.tell()
        kiosk.clock.advance(30)
        upkeep.judge(kiosk.hub)
    with kiosk.hub.database.reading() as session:
        return alerts.raised(session, KIOSK)[0].id


def test_list_puts_the_worst_first_and_filters(web: TestClient, hub: Hub, kiosk: FleetKiosk) -> None:
    enter(web)
    page = web.get("/console/fleet").text
    assert page.index(f"/console/kiosks/{KIOSK}") < page.index(f"/console/kiosks/{PREPARING_KIOSK}")
    broken(kiosk)
    page = web.get("/console/fleet?state=FAULT").text
    assert f"/console/kiosks/{KIOSK}" in page and f"/console/kiosks/{PREPARING_KIOSK}" not in page
    assert "Take the sheet out" in page
    assert f"/console/kiosks/{KIOSK}" not in web.get("/console/fleet?group=Chung cư Mẫu").text
    wards = web.get("/console/fleet?view=wards").text
    assert wards.count('class="tile is-') == 2 and "https://" not in wards.split("<main", 1)[1]


@pytest.mark.parametrize("stretch", ["day", "month", "year", "nonsense"])
def test_kiosk_page_draws_history_without_any_script(
    web: TestClient, hub: Hub, kiosk: FleetKiosk, clock: SimulatedClock, stretch: str
) -> None:
    for _ in range(13):
        clock.advance(600)
        kiosk.tell()
    clock.advance(3600)
    upkeep.sweep(hub)
    enter(web)
    page = web.get(f"/console/kiosks/{KIOSK}?stretch={stretch}").text
    assert page.count("<svg") >= 10 and 'class="line"' in page and "<script>" not in page
    assert "Nhiệt độ bộ xử lý" in page and "Diễn biến" in page


def test_what_a_kiosk_says_is_text_on_every_page(web: TestClient, kiosk: FleetKiosk) -> None:
    evil = "<img src=x onerror=alert(1)>"
    kiosk.version = kiosk.unknown["storage_errors"] = evil
    kiosk.broken = {evil: ("DOWN", evil, evil)}
    kiosk.clock.advance(1)
    kiosk.connect()
    kiosk.tell(**{evil: 1.0})
    broken_id = broken(kiosk)
    enter(web)
    for path in ("/console/fleet", f"/console/kiosks/{KIOSK}", "/console/alerts"):
        page = web.get(path).text
        assert evil not in page
    assert broken_id in web.get("/console/alerts").text
    assert "&lt;img" in web.get(f"/console/kiosks/{KIOSK}").text


def test_unknown_kiosk_rollout_and_job_are_said_in_words(web: TestClient) -> None:
    enter(web)
    nobody = new_ulid(SimulatedClock.now(web.app.state.hub.clock))  # type: ignore[attr-defined]
    for path in ("/console/kiosks/nobody", f"/console/rollouts/{nobody}"):
        answer = web.get(path)
        assert answer.status_code == 404 and "Không tìm thấy" in answer.text
    for path in (f"/api/jobs/{nobody}", f"/api/jobs/{nobody}/bundle", f"/api/rollouts/{nobody}"):
        assert web.get(path).json()["code"] == "UNKNOWN"
    assert web.get("/api/jobs/x").status_code == 422


ACTS = [
    ("PUT", f"/api/kiosks/{KIOSK}/jobs/{{id}}", {"verb": "restart"}),
    ("PUT", "/api/rollouts/{id}", {"verb": "restart"}),
    ("PUT", "/api/rollouts/{id}/paused", {"paused": True}),
    ("DELETE", "/api/rollouts/{id}", None),
    ("PUT", "/api/alerts/{alert}/acknowledgement", {"note": ""}),
    ("GET", "/api/jobs/{id}/bundle", None),
]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR, Role.CERTIFIER, Role.CLERK])
def test_verb_is_refused_for_a_role_without_the_right(web: TestClient, hub: Hub, kiosk: FleetKiosk, role: Role) -> None:
    alert = broken(kiosk)
    with hub.database.writing() as session:
        session.get_one(Officer, "nhan").role = role
    headers = enter(web, "nhan")
    for method, path, body in ACTS:
        path = path.format(id=new_ulid(hub.clock.now()), alert=alert)
        refused = web.request(method, path, headers=headers, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "ROLE_MISSING"), path
    with hub.database.reading() as session:
        assert session.scalars(select(JobRow)).all() == []
        assert alerts.raised(session)[0].acknowledged_at is None
    seen = web.get(f"/console/kiosks/{KIOSK}")
    assert seen.status_code == (200 if role in (Role.AUDITOR, Role.ADMINISTRATOR) else 403)
    assert "data-verb" not in seen.text and "data-take-up" not in seen.text


@pytest.mark.parametrize(("method", "path", "body"), ACTS[:4])
def test_verb_without_the_pages_token_is_refused(
    web: TestClient, hub: Hub, method: str, path: str, body: object
) -> None:
    enter(web)
    refused = web.request(method, path.format(id=new_ulid(hub.clock.now()), alert=new_ulid(hub.clock.now())), json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "FOREIGN_REQUEST")


def test_verb_asked_twice_is_one_job_shown_to_its_end_with_its_logs(
    web: TestClient, hub: Hub, kiosk: FleetKiosk
) -> None:
    headers, job_id = enter(web), new_ulid(hub.clock.now())
    for _ in range(2):
        put = web.put(f"/api/kiosks/{KIOSK}/jobs/{job_id}", headers=headers, json={"verb": "collect-logs"})
        assert (put.status_code, put.json()["state"]) == (201, "ASKED")
    other = web.put(f"/api/kiosks/{KIOSK}/jobs/{job_id}", headers=headers, json={"verb": "restart"})
    assert (other.status_code, other.json()["code"]) == (409, "JOB_CONTRADICTION")
    ((_, job),) = asked(hub)
    assert isinstance(job, JobEnvelope)
    kiosk.answer(job, JobState.ACCEPTED, JobState.RUNNING)
    assert "Đang làm 20 %" in web.get(f"/console/kiosks/{KIOSK}/now").text
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as bundle:
        bundle.writestr("agent.log", "well")
    with hub.database.writing() as session:
        row = session.get_one(JobRow, job_id)
        row.bundle_sha256, row.bundle_at = hub.bundles.put(packed.getvalue()), hub.clock.now()
    kiosk.answer(job, JobState.DONE)
    assert f"/api/jobs/{job_id}/bundle" in web.get(f"/console/kiosks/{KIOSK}").text
    fetched = web.get(f"/api/jobs/{job_id}/bundle")
    assert fetched.content == packed.getvalue() and fetched.headers["content-disposition"].startswith("attachment")
    with hub.database.reading() as session:
        acts = [row.what for row in session.scalars(select(AuditRow)) if row.who == "may" and job_id in row.subject]
    assert acts == ["JOB_ASKED", "LOGS_READ"]


@pytest.mark.parametrize(
    "wish",
    [
        {"verb": "configure", "settings": {"a": 1.5}}, {"verb": "configure", "settings": {"a": 10**30}},
        {"verb": "configure", "settings": {"a": "x" * 201}},
        {"verb": "configure"}, {"verb": "format"}, {"verb": "restart", "lasts_s": 59}, {"verb": "restart", "x": 1},
    ],
)  # fmt: skip
def test_wish_that_makes_no_sense_is_refused_with_its_reason(
    web: TestClient, hub: Hub, wish: dict[str, object]
) -> None:
    headers = enter(web)
    refused = web.put(f"/api/kiosks/{KIOSK}/jobs/{new_ulid(hub.clock.now())}", headers=headers, json=wish)
    assert refused.status_code == 422 and refused.json()["cause"] and asked(hub) == []


def test_rollout_is_asked_shown_and_stopped(web: TestClient, hub: Hub) -> None:
    headers, rollout_id = enter(web), new_ulid(hub.clock.now())
    wish = {"verb": "configure", "settings": {"pays_by_transfer": True}, "canary": 1}
    put = web.put(f"/api/rollouts/{rollout_id}", headers=headers, json=wish)
    assert [job["state"] for job in put.json()["jobs"]] == ["ASKED", "HELD"]
    page = web.get(f"/console/rollouts/{rollout_id}").text
    assert "pays_by_transfer = true" in page and "data-stop" in page
    stopped = web.delete(f"/api/rollouts/{rollout_id}", headers=headers)
    assert stopped.json()["state"] == "STOPPED"
    assert "data-stop" not in web.get(f"/console/rollouts/{rollout_id}").text
    assert "Đã dừng" in web.get("/console/rollouts").text


def test_update_shows_its_version_and_rings_and_can_be_paused(web: TestClient, hub: Hub) -> None:
    headers, rollout_id = enter(web), new_ulid(hub.clock.now())
    wish = {"verb": "update", "release": "1.4.2", "canary": 1, "ring": 1, "most_failed": 1}
    assert web.put(f"/api/rollouts/{rollout_id}", headers=headers, json=wish).status_code == 201
    page = web.get(f"/console/rollouts/{rollout_id}").text
    assert "Cập nhật phần mềm 1.4.2" in page and "Lượt 1" in page and 'data-paused="true"' in page
    for paused, state in ((True, "PAUSED"), (True, "PAUSED"), (False, "CANARY")):
        put = web.put(f"/api/rollouts/{rollout_id}/paused", headers=headers, json={"paused": paused})
        assert put.json()["state"] == state
    web.put(f"/api/rollouts/{rollout_id}/paused", headers=headers, json={"paused": True})
    page = web.get(f"/console/rollouts/{rollout_id}/now").text
    assert "Đang tạm dừng" in page and 'data-paused="false"' in page and "Tiếp tục" in page


def test_repository_of_releases_is_served_by_ranges(web: TestClient, hub: Hub) -> None:
    (hub.config.data_dir / "releases" / "objects").mkdir()
    (hub.config.data_dir / "releases" / "objects" / "x").write_bytes(b"0123456789")
    rest = web.get("/updates/objects/x", headers={"Range": "bytes=4-"})
    assert (rest.status_code, rest.content) == (206, b"456789")
    assert web.get("/updates/../hub.toml").status_code == 404


def test_plot_breaks_where_nothing_was_heard_and_keeps_the_peak(clock: SimulatedClock) -> None:
    until = clock.now()
    since, minute = until - timedelta(hours=24), timedelta(minutes=1)
    values = {n: 50.0 for n in range(1440) if not 600 < n < 700} | {300: 97.0}
    points = [Point(at=since + n * minute, value=v, low=v, high=v) for n, v in sorted(values.items())]
    drawn = plots.plot(BY_NAME["temperature_c"], points, since=since, until=until, step=minute)
    assert drawn.count("<polyline") == 2 and len(drawn) < 20_000
    assert "100" in drawn  # the axis reaches above the minute of 97°
    empty = plots.plot(BY_NAME["temperature_c"], [], since=since, until=until, step=minute)
    assert "<polyline" not in empty
