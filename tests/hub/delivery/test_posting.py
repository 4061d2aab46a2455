"""Paper copies by post: printed, filled, posted, followed; what can't be is settled with its postage, and forgotten."""

from collections.abc import Iterator
from datetime import datetime

import msgspec
import pytest
from fastapi.testclient import TestClient
from hub_doubles import CertifierDouble, KeysDouble, KioskDouble, approve, bodies, draft_pdf, opened
from sqlalchemy import select

from contract.clock import VIETNAM, SimulatedClock
from contract.destinations import Destination, MailTo, PostTo
from contract.ids import sha256_hex
from contract.messages import PurgedFact, QuoteLine, Rejected
from hub.config import HubConfig
from hub.console import sessions
from hub.console.app import create_app
from hub.delivery import deliveries
from hub.delivery.settings import PostConfig
from hub.register import purge_proof, retention
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.store.tables import AuditRow, Delivery, DeliveryState, FactRow, Officer, RequestRow

TO = PostTo(name="Nguyễn Thị Hường", phone="0912345678", address="12 Ngõ 5 Trần Quý Kiên, Cầu Giấy")
CODE = "4T7K-9QXM"
EVE_OF_TET = datetime(2027, 2, 4, 16, tzinfo=VIETNAM)
TRACKING = "EB123456789VN"
PAID = QuoteLine(
    state_fee_vnd=4_000, exemption_vnd=0, exemption_basis="", print_cost_vnd=2_000, total_vnd=10_000,
    postage_vnd=30_000, postage_support_vnd=26_000, postage_support_basis="Hỗ trợ",
)  # fmt: skip


class NoTrust:
    """No trust statement: these pages need none."""

    def __call__(self) -> bytes:
        return b"{}"

    def signed(self) -> bytes:
        return b""


@pytest.fixture
def hub(config: HubConfig, clock: SimulatedClock) -> Iterator[Hub]:
    sender = "UBND phường Mẫu, 1 Phố Mẫu, Hà Nội"
    hub = opened(msgspec.structs.replace(config, post=PostConfig(sender=sender)), clock)
    yield hub
    hub.database.close()


@pytest.fixture
def web(hub: Hub) -> Iterator[TestClient]:
    with TestClient(create_app(hub, NoTrust(), KeysDouble()), base_url="https://testserver") as web:
        web.headers.update(logged_in(hub, "nhan"))
        yield web


def logged_in(hub: Hub, login: str) -> dict[str, str]:
    with hub.database.reading() as session:
        officer = session.get_one(Officer, login)
    return {"Authorization": f"Bearer {sessions.open_for(hub, officer, via=sessions.BY_PASSWORD).token}"}


def ordered(hub: Hub, *destinations: Destination, electronic: bool = False) -> str:
    """Sign a copy that goes there; return its request's id."""
    paper = KioskDouble(hub).queue_paper(
        draft_pdf(), deliver_to=destinations or (TO,), electronic=electronic, quote=PAID,
        follow_sha256=sha256_hex(CODE.encode()),
    )  # fmt: skip
    approve(hub, paper)
    assert SigningQueue(hub, CertifierDouble()).sign_next()
    return paper


def row(hub: Hub) -> Delivery:
    with hub.database.reading() as session:
        return session.scalars(select(Delivery)).one()


def request_of(hub: Hub, paper: str) -> RequestRow:
    with hub.database.reading() as session:
        return session.get_one(RequestRow, paper)


@pytest.mark.both_databases
def test_letter_is_printed_filled_posted_and_followed_and_then_nobody_knows_the_address(
    hub: Hub, web: TestClient
) -> None:
    paper = ordered(hub)
    letter = row(hub).id
    page = web.get("/console/posting").text
    assert TO.name in page and TO.address in page
    label = web.get(f"/console/posting/{letter}/label").text
    assert TO.name in label and "1 Phố Mẫu" in label
    copy = web.get(f"/api/deliveries/{letter}/copy.pdf")
    assert copy.content.startswith(hub.drafts.get(request_of(hub, paper).draft_sha256) or b"-")
    assert "chờ gửi" in web.get("/p", params={"code": "4t7k 9qxm"}).text
    assert web.post(f"/api/deliveries/{letter}/posted", json={"tracking": TRACKING}).status_code == 409
    assert web.post(f"/api/deliveries/{letter}/filled").status_code == 204
    assert web.post(f"/api/deliveries/{letter}/filled").status_code == 409
    assert web.post(f"/api/deliveries/{letter}/posted", json={"tracking": TRACKING}).status_code == 204
    followed = web.get("/p", params={"code": CODE}).text
    assert TRACKING in followed and "Đã gửi lúc 09:00 23/11/2026" in followed and TO.phone not in followed
    assert TO.address not in web.get("/console/posting").text
    assert (row(hub).state, row(hub).address) == (DeliveryState.DELIVERED, b"")
    with hub.database.reading() as session:
        acts = [each.what for each in session.scalars(select(AuditRow).where(AuditRow.who == "nhan"))]
        trail = " ".join(each.subject for each in session.scalars(select(AuditRow)))
    assert acts == ["LOGGED_IN", "LETTER_READ", "LETTER_FILLED", "COPY_DELIVERED"]
    assert TO.phone not in trail and TO.name not in trail


@pytest.mark.both_databases
def test_scan_stays_until_the_envelope_is_filled_and_then_goes_though_nobody_came_to_the_kiosk(
    hub: Hub, web: TestClient, clock: SimulatedClock
) -> None:
    paper = ordered(hub)
    _tell_purged(hub, paper)
    clock.advance(25 * 3600)
    retention.sweep(hub)
    assert request_of(hub, paper).draft_purged_at is None
    assert purge_proof.prove(hub, "mau").overdue == []
    web.headers.update(logged_in(hub, "nhan"))
    assert web.post(f"/api/deliveries/{row(hub).id}/filled").status_code == 204
    retention.sweep(hub)
    request = request_of(hub, paper)
    assert (request.body, request.draft_purged_at) == (None, clock.now())
    assert web.get(f"/api/deliveries/{row(hub).id}/copy.pdf").status_code == 410
    assert row(hub).address  # the label is still wanted


def test_letter_that_nobody_printed_in_time_is_given_back_and_then_forgotten(
    hub: Hub, web: TestClient, clock: SimulatedClock
) -> None:
    paper = ordered(hub)  # Monday 9:00: by Tuesday 17:00
    clock.advance(32 * 3600)
    retention.sweep(hub)
    assert (row(hub).state, request_of(hub, paper).body) == (DeliveryState.EXPIRED, None)
    retention.sweep(hub)
    web.headers.update(logged_in(hub, "nhan"))
    page = web.get("/console/posting").text
    assert TO.phone in page and "4.000" in page  # whom to call, and what was paid
    assert "Xin gọi cơ quan" in web.get("/p", params={"code": CODE}).text
    letter, word = row(hub).id, {"word": "Đã gọi, đã hoàn 4.000 đ tại quầy"}
    assert web.post(f"/api/deliveries/{letter}/settled", json=word).status_code == 204
    assert web.post(f"/api/deliveries/{letter}/settled", json=word).status_code == 409
    assert (row(hub).settled_by, row(hub).word, row(hub).address) == ("nhan", word["word"], b"")
    assert TO.phone not in web.get("/console/posting").text
    with hub.database.reading() as session:
        (trail,) = session.scalars(select(AuditRow).where(AuditRow.what == "DELIVERY_SETTLED"))
        assert deliveries.counted(session) == {}
    assert trail.subject == f"{row(hub).copy_id} post 4000"


def test_letter_of_the_eve_of_tet_is_kept_until_the_counter_could_fill_it_and_no_longer(
    hub: Hub, clock: SimulatedClock
) -> None:
    clock.advance((EVE_OF_TET - clock.now()).total_seconds())
    paper = ordered(hub)
    for days in range(7):
        clock.advance(86_400)
        retention.sweep(hub)
        assert request_of(hub, paper).draft_purged_at is None, f"the counter is shut, day {days}"
    assert row(hub).keep_until == datetime(2027, 2, 12, 17, tzinfo=VIETNAM)
    clock.advance((row(hub).keep_until - clock.now()).total_seconds() + 1)
    retention.sweep(hub)
    assert row(hub).state == DeliveryState.EXPIRED
    retention.sweep(hub)
    assert request_of(hub, paper).draft_purged_at is not None
    assert not purge_proof.prove(hub, "kiem-tra").overdue


def test_letter_that_can_not_be_sent_is_settled_before_it_is_printed(hub: Hub, web: TestClient) -> None:
    ordered(hub)
    assert web.post(f"/api/deliveries/{row(hub).id}/settled", json={"word": "Không có phố này"}).status_code == 204
    assert row(hub).state == DeliveryState.REFUSED
    assert web.post(f"/api/deliveries/{row(hub).id}/filled").status_code == 409


def test_only_who_may_sees_where_letters_go(hub: Hub, web: TestClient) -> None:
    ordered(hub)
    token = logged_in(hub, "may")
    letter = row(hub).id
    for path in ("/console/posting", f"/console/posting/{letter}/label", f"/api/deliveries/{letter}/copy.pdf"):
        assert web.get(path, headers=token).status_code == 403
    assert TO.name not in web.get("/console/health", headers=token).text


def test_hub_that_posts_nothing_takes_no_order_to_post(config: HubConfig, clock: SimulatedClock) -> None:
    hub = opened(config, clock)
    answers = KioskDouble(hub).ask(KioskDouble(hub).request(draft_pdf(), deliver_to=(TO,))[1])
    (said,) = bodies(answers)
    assert isinstance(said, Rejected) and (said.code, said.final) == ("NO_POST", True)
    hub.database.close()


@pytest.mark.parametrize(
    "changes",
    [
        {"deliver_to": (TO, TO)}, {"deliver_to": (TO,), "copies": 0},
        {"deliver_to": (MailTo(address="a@b.vn"), MailTo(address="c@d.vn"))},
    ],
)  # fmt: skip
def test_contradictory_order_is_refused_before_a_person_sees_it(hub: Hub, changes: dict[str, object]) -> None:
    (said,) = bodies(KioskDouble(hub).ask(KioskDouble(hub).request(draft_pdf(), **changes)[1]))
    assert isinstance(said, Rejected) and said.code == "MALFORMED"


def _tell_purged(hub: Hub, paper: str) -> None:
    with hub.database.writing() as session:
        fact = PurgedFact(request=paper, sha256=())
        session.add(
            FactRow(
                id=f"{paper[:-1]}Z", kiosk="tram-01", kind="purged", request=paper, body=msgspec.json.encode(fact),
                received_at=hub.clock.now(),
            )
        )  # fmt: skip
