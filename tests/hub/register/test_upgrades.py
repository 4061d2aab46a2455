"""A copy signed while the services outside were down: told everywhere, raised when they are back, lost for nobody."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives import serialization
from fastapi.testclient import TestClient
from hub_doubles import KioskDouble, approve, bodies, serving
from sqlalchemy import select

from contract import messages, topics
from contract.clock import SimulatedClock, SystemClock
from contract.ids import new_ulid, sha256_hex
from contract.messages import Certified, FactEnvelope, HandedOverFact, PurgedFact
from hub.console.app import create_app
from hub.fleet.metrics import scraped
from hub.intake import requests
from hub.register import archive, certificates, purge_proof, retention, search
from hub.register.extensions import Extensions
from hub.register.signing_queue import SigningQueue
from hub.register.upgrades import FIRST_PAUSE, UpgradeQueue
from hub.rooms import Hub
from hub.signing import level, pki, rotation, services
from hub.signing.certify import Certifier
from hub.signing.pkcs12_keys import Pkcs12Session
from hub.signing.roles import Role
from hub.store.tables import AuditRow, Issue, RequestRow, Upgrade, UpgradeState
from hub.verify import trust
from hub.verify.published import PublishedTrust
from provisioning.onebox.trust_services import Trouble, TrustServices

OFFICER = "Trần Thị Mẫu"


@dataclass(slots=True, kw_only=True)
class Town:
    """A hub whose timestamp authorities and revocation sources are outside."""

    hub: Hub
    keys: pki.Pki
    services: TrustServices
    extensions: Extensions
    queue: UpgradeQueue
    signing: SigningQueue
    web: TestClient
    kiosk: KioskDouble

    def break_down(self, trouble: Trouble | None = Trouble.ERROR) -> None:
        for tsa in self.services.tsas.values():
            tsa.trouble = trouble

    def certified(self) -> tuple[str, Certified]:
        paper = self.kiosk.queue_paper()
        approve(self.hub, paper)
        assert self.signing.sign_next()
        (body,) = bodies(requests.answer(self.hub, paper))
        assert isinstance(body, Certified)
        return paper, body

    def file(self, copy: Certified) -> bytes:
        with self.hub.database.reading() as session:
            issue = session.get_one(Issue, copy.copy_id)
            draft = session.get_one(RequestRow, issue.request).draft_sha256
        parts = self.hub.drafts.get(draft), self.hub.tails.get(copy.tail.sha256)
        assert all(parts)
        return b"".join(part for part in parts if part)

    def upgrade(self) -> Upgrade:
        with self.hub.database.reading() as session:
            return session.scalars(select(Upgrade)).one()

    def hand_over(self, paper: str) -> None:
        for kind, fact in (
            ("handed-over", HandedOverFact(request=paper, paper_copies=1, electronic=True)),
            ("purged", PurgedFact(request=paper, sha256=())),
        ):
            now = self.hub.clock.now()
            envelope = FactEnvelope(v=1, id=new_ulid(now), at=now, body=fact)
            self.kiosk.intake.handle(topics.up(self.kiosk.id, "fact", kind), messages.encode(envelope))

    def bring(self, content: bytes):
        return self.web.post("/verify/extended", files={"file": ("copy.pdf", content, "application/pdf")})


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(SystemClock().now().replace(hour=2, minute=0) - timedelta(days=2))


@pytest.fixture
def town(hub: Hub, kiosk: KioskDouble, clock: SimulatedClock) -> Iterator[Town]:
    officers = [pki.Officer(name=OFFICER, title="Phó Chủ tịch")]
    keys = pki.ensure(hub.config.data_dir / "pki", clock, agency=hub.config.agency.name, certifiers=officers)
    key = keys.certifier(OFFICER)
    session = Pkcs12Session(credential=key, certificate=key.certificate)
    hub.open_keys.put("mau", session, console="", until=clock.now() + timedelta(days=9))
    around = TrustServices(hub.config.data_dir / "town", keys, clock)
    with serving(around.app) as url:
        evidence = around.config(url, deadline_s=20)
        object.__setattr__(hub, "config", msgspec.structs.replace(hub.config, evidence=evidence))
        trust = services.of(evidence, keys, clock, hub.sources)
        extensions = Extensions(hub, trust)
        with TestClient(create_app(hub, PublishedTrust(hub, keys), keys.officer_keys, extensions)) as web:
            yield Town(
                hub=hub,
                keys=keys,
                services=around,
                extensions=extensions,
                queue=UpgradeQueue(hub, extensions),
                signing=SigningQueue(hub, Certifier(keys, clock, trust)),
                web=web,
                kiosk=kiosk,
            )


def test_lower_level_is_told_in_reply_record_register_metrics_and_on_the_verify_page(town: Town) -> None:
    town.break_down()
    _, copy = town.certified()
    assert copy.level == level.B_B
    with town.hub.database.reading() as session:
        assert session.get_one(Issue, copy.copy_id).level == level.B_B
        assert [each.level for each in search.find(session, town.hub.config, search.Wanted()).entries] == [level.B_B]
        assert "SIGNED_BELOW_LTA" in {row.what for row in session.scalars(select(AuditRow))}
    assert b'tram_upgrades{state="WAITING"} 1.0' in scraped(town.hub)
    assert b'tram_source_good{kind="tsa",name="first"} 0.0' in scraped(town.hub)
    page = town.web.get(copy.verify_url.removeprefix("HTTPS://TRAM.EXAMPLE.VN")).text
    assert "BẢN SAO HỢP LỆ" in page and level.B_B in page and "Đang chờ dịch vụ dấu thời gian" in page


@pytest.mark.both_databases
def test_upgrade_waits_with_growing_pauses_then_raises_the_copy_without_a_changed_byte(
    town: Town, clock: SimulatedClock
) -> None:
    town.break_down()
    _, copy = town.certified()
    issued = town.file(copy)
    assert not town.queue.upgrade_next()
    tries = []
    for _ in range(90):
        if town.queue.upgrade_next():
            tries.append(clock.monotonic())
        clock.advance(FIRST_PAUSE.total_seconds())
    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses == sorted(pauses) and pauses[-1] == 900.0
    assert town.upgrade().failures == len(tries) and "first" in town.upgrade().last_fault
    town.break_down(None)
    clock.advance(901)
    assert town.queue.upgrade_next() and not town.queue.upgrade_next()
    assert town.upgrade().state == UpgradeState.DONE
    answer = town.bring(issued)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(issued) and level.reached(answer.content, issued) == level.B_LTA
    page = town.web.get(copy.verify_url.removeprefix("HTTPS://TRAM.EXAMPLE.VN")).text
    assert "Đã bổ sung bằng chứng" in page and copy.level in page
    judged = town.web.post("/verify", files={"file": ("copy.pdf", answer.content, "application/pdf")}).text
    assert "BẢN SAO HỢP LỆ" in judged and "Trùng từng byte" in judged and level.B_LTA in judged
    assert town.bring(answer.content).status_code == 200 and "Tệp đã đầy đủ" in town.bring(answer.content).text


def test_scan_stays_for_the_upgrade_a_day_at_most_then_the_holder_has_it_raised(
    town: Town, clock: SimulatedClock
) -> None:
    town.break_down()
    paper, copy = town.certified()
    issued = town.file(copy)
    town.hand_over(paper)
    retention.sweep(town.hub)
    clock.advance(3600)
    assert town.file(copy) == issued
    assert purge_proof.prove(town.hub, "mau").overdue == []
    clock.advance(24 * 3600)
    retention.sweep(town.hub)
    retention.sweep(town.hub)
    assert town.upgrade().state == UpgradeState.LEFT_TO_HOLDER
    with town.hub.database.reading() as session:
        draft = session.get_one(RequestRow, paper).draft_sha256
    assert town.hub.drafts.get(draft) is None and town.hub.tails.get(copy.tail.sha256) is None
    assert town.bring(issued).status_code == 503
    town.break_down(None)
    clock.advance(60)
    assert level.reached(town.bring(issued).content, issued) == level.B_LTA
    assert town.upgrade().state == UpgradeState.DONE


def test_scan_goes_soon_after_the_upgrade(town: Town, clock: SimulatedClock) -> None:
    town.break_down()
    paper, copy = town.certified()
    town.hand_over(paper)
    town.break_down(None)
    clock.advance(60)
    assert town.queue.upgrade_next()
    retention.sweep(town.hub)
    assert town.hub.tails.get(copy.tail.sha256) is None
    assert town.hub.extensions.names(before=2e10) != []


def test_certificate_revoked_before_a_time_was_proven_is_left_to_a_person(town: Town, clock: SimulatedClock) -> None:
    town.break_down()
    town.certified()
    clock.advance(60)
    town.keys.revoke(town.keys.certificate_of(OFFICER).serial_number)
    town.break_down(None)
    clock.advance(700)
    assert town.queue.upgrade_next()
    assert town.upgrade().state == UpgradeState.REVOKED and "revoked" in town.upgrade().last_fault


def test_stranger_s_file_gets_no_evidence(town: Town) -> None:
    _, copy = town.certified()
    assert copy.level == level.B_LTA
    assert town.bring(town.file(copy) + b"\n").status_code == 404
    assert town.bring(b"%PDF-1.7 nothing").status_code == 404


def test_page_shows_the_certificates_that_signed_also_after_they_were_replaced(town: Town) -> None:
    _, copy = town.certified()
    path = copy.verify_url.removeprefix("HTTPS://TRAM.EXAMPLE.VN")
    signed_with = town.keys.certificate_of(OFFICER)
    town.keys.revoke(signed_with.serial_number)
    with town.hub.database.reading() as session:
        fingerprint = session.get_one(Issue, copy.copy_id).certifier_certificate
    assert fingerprint == sha256_hex(signed_with.public_bytes(serialization.Encoding.DER))
    assert f"sha256:{fingerprint}" in town.web.get(path).text


def test_archive_is_renewed_in_place_before_its_protection_ends_and_strangers_stay(
    town: Town, clock: SimulatedClock, tmp_path: Path
) -> None:
    _, copy = town.certified()
    issued = town.file(copy)
    folder = tmp_path / "archive" / "2026"
    folder.mkdir(parents=True)
    (folder / "copy.pdf").write_bytes(issued)
    (folder / "other.pdf").write_bytes(b"%PDF-1.7 of somebody else")
    evidence = msgspec.structs.replace(town.hub.config.evidence, archive=(tmp_path / "archive",))
    object.__setattr__(town.hub, "config", msgspec.structs.replace(town.hub.config, evidence=evidence))
    assert archive.sweep(town.hub, town.extensions) == 0
    clock.advance(timedelta(days=1020).total_seconds())
    for name in town.services.tsas:
        town.services.renew_certificate(name)
    town.break_down()
    assert archive.sweep(town.hub, town.extensions) == 0 and (folder / "copy.pdf").read_bytes() == issued
    town.break_down(None)
    clock.advance(60)
    assert archive.sweep(town.hub, town.extensions) == 1
    renewed = (folder / "copy.pdf").read_bytes()
    assert renewed.startswith(issued) and level.reached(renewed, issued) == level.B_LTA
    assert (folder / "other.pdf").read_bytes() == b"%PDF-1.7 of somebody else"
    assert archive.sweep(town.hub, town.extensions) == 0
    assert town.bring(issued).content == renewed  # the holder of the first file gets the same


def test_certificates_that_end_soon_are_listed_until_they_are_replaced(town: Town, clock: SimulatedClock) -> None:
    certificates.keep_all(town.hub, town.keys)
    assert certificates.expiring(town.hub, timedelta(days=90)) == []
    clock.advance(timedelta(days=1020).total_seconds())
    soon = certificates.expiring(town.hub, timedelta(days=90))
    assert {row.role for row in soon} >= {Role.CERTIFIER, Role.AGENCY, Role.SEAL, Role.HUB, Role.BROKER}
    assert [row.not_after for row in soon] == sorted(row.not_after for row in soon)
    rotation.rotate(town.hub.config.data_dir / "pki", clock, Role.SEAL)
    assert town.keys.refresh()
    certificates.keep_all(town.hub, town.keys)
    left = certificates.expiring(town.hub, timedelta(days=90))
    assert {row.role for row in soon} - {row.role for row in left} == {Role.SEAL}
    assert b'tram_certificate_expires_timestamp_seconds{kiosk="",role="seal"' in scraped(town.hub)
    with town.hub.database.reading() as session:
        assert [row.subject.split()[0] for row in session.scalars(select(AuditRow)) if row.what == "KEY_ROTATED"] == [
            "seal"
        ]
    known = trust.parse(town.web.get("/trust.json").content)
    assert len(known.seal_signers) == 2 and len(known.tsa_anchors) == 2
    assert town.web.get("/trust").text.count("Root certificate of timestamps") == 2
