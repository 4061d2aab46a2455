"""A signed copy by e-mail against a server that misbehaves: sent once, or said why not, and no address is kept."""

import asyncio
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hub_doubles import KIOSK, CertifierDouble, KioskDouble, approve, certify_request, draft_pdf, opened
from sqlalchemy import select

from contract import messages, topics
from contract.clock import SimulatedClock, SystemClock
from contract.destinations import MailTo, is_mail_address
from contract.ids import new_ulid, sha256_hex
from contract.messages import FactEnvelope, HandedOverFact, MalformedMessage, PurgedFact, RequestEnvelope, decode
from hub.adapters.pauses import FIRST_PAUSE
from hub.config import HubConfig
from hub.delivery import deliveries, posting
from hub.delivery.mail import MailCarrier
from hub.delivery.settings import MailConfig, MailSecurity
from hub.delivery.worker import LEASE, DeliveryWorker
from hub.register import links, purge_proof, retention
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.signing import pki
from hub.signing.broker_pki import TlsFiles
from hub.store.tables import AuditRow, CopyLink, Delivery, DeliveryState, RequestRow, RequestState
from provisioning.onebox.child import free_port
from provisioning.onebox.mail_server import MailServer, MailTrouble

ADDRESS = "nguyen.thi.huong+banso@gmail.com"
SENDER = "khong-tra-loi@phuongmau.example.vn"
LATER = {MailTrouble.GREYLISTS, MailTrouble.BUSY, MailTrouble.FULL}
FOR_GOOD = {MailTrouble.NO_SUCH_BOX, MailTrouble.REFUSES}
NOBODY_KNOWS = {MailTrouble.CUT_OFF, MailTrouble.LOSES_ANSWER}


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    made = pki.ensure(tmp_path_factory.mktemp("pki"), SystemClock(), agency="UBND phường Mẫu", certifiers=[])
    return made.broker.server


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A hub, its mail server, and the worker between them."""

    hub: Hub
    server: MailServer
    carrier: MailCarrier
    worker: DeliveryWorker
    clock: SimulatedClock

    def sign(self, mark: str = "a", address: str = ADDRESS) -> str:
        """Sign a copy that is to be mailed; return its request's id."""
        paper = KioskDouble(self.hub).queue_paper(draft_pdf(mark=mark), deliver_to=(MailTo(address=address),))
        approve(self.hub, paper)
        assert SigningQueue(self.hub, CertifierDouble()).sign_next()
        return paper

    def deliver(self) -> None:
        asyncio.run(self.worker.deliver_all(self.carrier))

    def row(self) -> Delivery:
        with self.hub.database.reading() as session:
            return session.scalars(select(Delivery).order_by(Delivery.id)).one()


def opened_with(config: HubConfig, clock: SimulatedClock, mail: MailConfig, server: MailServer) -> Post:
    hub = opened(msgspec.structs.replace(config, mail=mail), clock)
    carrier = MailCarrier(hub)
    return Post(hub=hub, server=server, carrier=carrier, worker=DeliveryWorker(hub, [carrier]), clock=clock)


@pytest.fixture
def server(tmp_path: Path, tls: TlsFiles) -> Iterator[MailServer]:
    server = MailServer(tmp_path / "letters", tls, free_port())
    server.start()
    yield server
    server.stop()


def mail_config(server: MailServer, tls: TlsFiles, **more: object) -> MailConfig:
    config = MailConfig(host="localhost", port=server.port, ca=tls.authority, sender=SENDER, deadline_s=1.0)
    return msgspec.structs.replace(config, **more)


@pytest.fixture
def post(config: HubConfig, clock: SimulatedClock, server: MailServer, tls: TlsFiles) -> Iterator[Post]:
    post = opened_with(config, clock, mail_config(server, tls), server)
    yield post
    post.hub.database.close()


@pytest.mark.both_databases
def test_letter_brings_the_very_copy_says_who_certified_and_is_sent_once(post: Post) -> None:
    paper = post.sign()
    post.deliver()
    post.deliver()
    (letter,) = post.server.letters()
    (attached,) = letter.iter_attachments()
    offer = attached.get_content()
    with post.hub.database.reading() as session:
        request = session.get_one(RequestRow, paper)
        tail = post.hub.tails.names(before=float("inf"))
    draft = post.hub.drafts.get(request.draft_sha256)
    assert draft is not None and offer == draft + (post.hub.tails.get(next(iter(tail))) or b"")
    body = letter.get_body()
    assert body is not None
    text = body.get_content()
    for said in ("Trần Thị Mẫu, Phó Chủ tịch", "UBND phường Mẫu", "01, quyển số 01/2026-SCTĐT/BS", "Certified by"):
        assert said in text
    row = post.row()
    assert (row.state, row.address, row.tries) == (DeliveryState.DELIVERED, b"", 1)
    assert letter["Message-ID"] == row.receipt == f"<{row.copy_id}@phuongmau.example.vn>"
    assert letter["To"] == ADDRESS and post.server.asked == 1


@pytest.mark.parametrize("trouble", MailTrouble)
def test_what_the_server_does_is_told_truly_and_never_with_the_address(
    post: Post, trouble: MailTrouble, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    post.sign()
    post.server.trouble = trouble
    post.deliver()
    row = post.row()
    expected = DeliveryState.WAITING
    if trouble in FOR_GOOD:
        expected = DeliveryState.REFUSED
    if trouble in NOBODY_KNOWS:
        expected = DeliveryState.UNKNOWN
    assert (row.state, bool(row.last_fault)) == (expected, True)
    post.server.trouble = None
    post.clock.advance(FIRST_PAUSE.total_seconds() + 30)
    post.deliver()
    sent = len(post.server.letters())
    assert sent == (0 if trouble in {*FOR_GOOD, MailTrouble.CUT_OFF} else 1)
    local = ADDRESS.partition("@")[0]
    with post.hub.database.reading() as session:
        trail = " ".join(row.subject for row in session.scalars(select(AuditRow)))
    logged = " ".join(each.getMessage() for each in caplog.records if each.name != "mail.log")  # the server's own
    assert local not in " ".join((trail, logged, row.last_fault, *(each.fault for each in post.hub.sources.all())))


def test_server_that_is_down_is_left_alone_and_one_box_that_refuses_holds_up_nobody(post: Post) -> None:
    post.server.trouble = MailTrouble.BUSY
    post.sign("a")
    post.sign("b")
    post.deliver()
    assert post.server.asked == 1
    assert "421 4.3.2" in post.hub.sources.all()[0].fault
    post.server.trouble = MailTrouble.GREYLISTS
    post.clock.advance(60)
    post.deliver()
    assert post.server.asked == 3
    assert post.hub.sources.all()[0].is_good


def test_server_without_a_certificate_that_we_trust_gets_nothing(
    config: HubConfig, clock: SimulatedClock, server: MailServer, tls: TlsFiles
) -> None:
    post = opened_with(config, clock, mail_config(server, tls, ca=None), server)
    post.sign()
    post.deliver()
    assert (post.row().state, server.asked) == (DeliveryState.WAITING, 0)
    assert "TLS" in post.row().last_fault
    post.hub.database.close()


def test_nobody_listens_and_it_is_said(
    config: HubConfig, clock: SimulatedClock, server: MailServer, tls: TlsFiles
) -> None:
    post = opened_with(config, clock, mail_config(server, tls, port=9), server)
    post.sign()
    post.deliver()
    assert "can't be reached" in post.row().last_fault
    post.hub.database.close()


@pytest.mark.parametrize(("given", "state"), [("mật khẩu", DeliveryState.DELIVERED), ("sai", DeliveryState.WAITING)])
def test_starttls_with_a_login(
    config: HubConfig, clock: SimulatedClock, tls: TlsFiles, tmp_path: Path, given: str, state: DeliveryState
) -> None:
    password = tmp_path / "password"
    password.write_text(given.encode().hex())
    login = ("tram", "mật khẩu".encode().hex())
    server = MailServer(tmp_path / "letters", tls, free_port(), security=MailSecurity.STARTTLS, login=login)
    server.start()
    mail = mail_config(server, tls, security=MailSecurity.STARTTLS, login="tram", password_file=password)
    post = opened_with(config, clock, mail, server)
    post.sign()
    post.deliver()
    assert post.row().state == state
    post.hub.database.close()
    server.stop()


def test_large_copy_goes_as_a_link_that_opens_once_and_none_stays_of_a_letter_that_did_not_go(
    config: HubConfig, clock: SimulatedClock, server: MailServer, tls: TlsFiles
) -> None:
    post = opened_with(config, clock, mail_config(server, tls, attached_mb=0), server)
    post.sign()
    server.trouble = MailTrouble.GREYLISTS
    post.deliver()
    with post.hub.database.reading() as session:
        assert session.scalars(select(CopyLink)).all() == []
    server.trouble = None
    clock.advance(FIRST_PAUSE.total_seconds())
    post.deliver()
    (letter,) = server.letters()
    assert list(letter.iter_attachments()) == []
    found = re.search(r"https://tram\.example\.vn/d/([\w-]{32})", letter.get_body().get_content())  # type: ignore[union-attr]
    assert found
    copy = links.fetch(post.hub, found[1])
    assert copy is not None and copy.sha256 == sha256_hex(copy.content)
    post.hub.database.close()


def test_hub_that_died_while_a_letter_went_out_does_not_send_it_again(post: Post) -> None:
    post.sign()
    claimed = post.worker._claimed(post.carrier)
    assert claimed is not None
    post.clock.advance(LEASE.total_seconds())
    post.deliver()
    assert (post.row().state, post.server.letters()) == (DeliveryState.UNKNOWN, [])


def test_letter_that_nobody_knows_of_is_sent_again_though_the_prints_are_handed_over(post: Post) -> None:
    paper = post.sign()
    post.server.trouble = MailTrouble.CUT_OFF
    post.deliver()
    handed_over(post, paper)
    post.clock.advance(timedelta(hours=2).total_seconds())
    retention.sweep(post.hub)
    assert purge_proof.prove(post.hub, "mau").overdue == []
    post.server.trouble = None
    posting.send_again(post.hub, "mau", post.row().id)
    post.deliver()
    assert post.row().state == DeliveryState.DELIVERED and len(post.server.letters()) == 1
    retention.sweep(post.hub)
    assert not drafted(post, paper)


def test_letter_that_a_person_has_seen_to_keeps_no_copy(post: Post) -> None:
    paper = post.sign()
    post.server.trouble = MailTrouble.REFUSES
    post.deliver()
    handed_over(post, paper)
    retention.sweep(post.hub)
    assert drafted(post, paper)
    posting.settle(post.hub, "mau", post.row().id, "called; comes to the counter")
    retention.sweep(post.hub)
    assert not drafted(post, paper)


def drafted(post: Post, paper: str) -> bool:
    with post.hub.database.reading() as session:
        return post.hub.drafts.get(session.get_one(RequestRow, paper).draft_sha256) is not None


def handed_over(post: Post, paper: str) -> None:
    """Let the kiosk say that the citizen has the prints, and that its own scans are gone."""
    now, intake = post.clock.now(), KioskDouble(post.hub).intake
    for fact in (
        HandedOverFact(request=paper, paper_copies=1, electronic=False), PurgedFact(request=paper, sha256=()),
    ):  # fmt: skip
        envelope = FactEnvelope(v=1, id=new_ulid(now), at=now, body=fact)
        intake.handle(topics.up(KIOSK, "fact", str(fact.__struct_config__.tag)), messages.encode(envelope))


@pytest.mark.both_databases
def test_copy_stays_for_the_letter_a_day_then_goes_with_the_address(post: Post) -> None:
    paper = post.sign()
    post.server.trouble = MailTrouble.BUSY
    post.deliver()
    post.clock.advance(timedelta(hours=23).total_seconds())
    retention.sweep(post.hub)
    assert post.row().address
    post.clock.advance(timedelta(hours=1, minutes=1).total_seconds())
    retention.sweep(post.hub)
    row = post.row()
    with post.hub.database.reading() as session:
        request = session.get_one(RequestRow, paper)
    assert (row.state, request.body) == (DeliveryState.EXPIRED, None)
    retention.sweep(post.hub)
    assert post.row().address == b""
    with post.hub.database.reading() as session:
        assert deliveries.counted(session) == {("mail", "EXPIRED"): 1}


def test_hub_without_mail_certifies_all_the_same_and_says_so(hub: Hub, signing: SigningQueue) -> None:
    paper = KioskDouble(hub).queue_paper(deliver_to=(MailTo(address=ADDRESS),))
    approve(hub, paper)
    assert signing.sign_next()
    with hub.database.reading() as session:
        row = session.scalars(select(Delivery)).one()
        assert session.get_one(RequestRow, paper).state == RequestState.CERTIFIED
    assert (row.state, row.address) == (DeliveryState.REFUSED, b"")


GOOD = ("huong@gmail.com", "nguyen.thi.huong_88@yahoo.com.vn", "a@b.vn", "h-u+ong@mail.so-y-te.gov.vn")
BAD = (
    "", "huong", "huong@gmail", "huong@@gmail.com", ".huong@gmail.com", "huong..le@gmail.com", "hương@gmail.com",
    "huong@gmail.com\nBcc: x@y.vn", "huong@-gmail.com", f"{'a' * 65}@gmail.com", "huong@gmail.com ", "huong@gmail.c0m",
    "huong@gmail.com\n", "<huong@gmail.com>",
)  # fmt: skip


@pytest.mark.parametrize("text", [*GOOD, *BAD])
def test_addresses_that_can_be_sent_to(text: str) -> None:
    body = msgspec.structs.replace(certify_request(draft_pdf()), deliver_to=(MailTo(address=text),))
    payload = messages.encode(RequestEnvelope(v=1, id="0" * 26, at=datetime(2026, 11, 23, tzinfo=UTC), body=body))
    assert is_mail_address(text) is (text in GOOD)
    if text in GOOD:
        assert decode(RequestEnvelope, payload).body == body
    else:
        with pytest.raises(MalformedMessage, match="deliver_to"):
            decode(RequestEnvelope, payload)
