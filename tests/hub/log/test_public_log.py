"""The log as a stranger meets it: fetched, rebuilt, held against what was seen before; and a log that cheats."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient
from hub_doubles import CertifierDouble, KioskDouble, approve, draft_pdf
from sqlalchemy import Executable, delete, text, update
from sqlalchemy.orm import Session

from contract.clock import SimulatedClock
from contract.note import LogKey, LogSigner, NoteWrong
from hub.console.app import create_app
from hub.faults import LogRewritten
from hub.log import audit, checkpoints, leaves, merkle
from hub.log.audit import AuditFailed, Seen
from hub.log.leaves import LeafKind, Record
from hub.log.merkle import ProofWrong
from hub.log.proof import Proof
from hub.log.tiles import NoSuchTile, Place
from hub.log.tree import Tree
from hub.register import annulments
from hub.register.annulments import Annulment, ReasonClass
from hub.register.in_log import in_log
from hub.register.signing_queue import SigningQueue
from hub.rooms import Hub
from hub.signing import pki
from hub.store.tables import Issue, LogCheckpoint, LogLeaf, LogSubtree
from hub.verify import trust
from hub.verify.published import PublishedTrust
from provisioning.log import log as log_command

pytestmark = pytest.mark.both_databases


@dataclass(slots=True)
class Log:
    """A hub's log, its key, and the web that serves it."""

    hub: Hub
    signer: LogSigner
    web: TestClient
    fetched: list[str] = field(default_factory=list)

    def add(self, count: int) -> None:
        with self.hub.database.writing() as session:
            for number in range(count):
                record = Record(public={"n": number}, private={"name": "Nguyễn Văn Mẫu"})
                leaves.append(session, LeafKind.ISSUE, "0" * 26, record)
        checkpoints.publish(self.hub, self.signer)

    def fetch(self, path: str) -> bytes:
        self.fetched.append(path)
        return self.web.get(f"/log/{path}").raise_for_status().content

    def audit(self, seen: Seen | None = None) -> audit.Audited:
        return audit.audit(self.fetch, self.signer.public, seen)

    def change(self, statement: Executable) -> None:
        """Change the database as somebody would who has the whole of it."""
        with self.hub.database.writing() as session:
            for table in ("log_leaf", "log_subtree", "log_checkpoint"):
                _unguard(session, table)
            session.execute(statement)


def _unguard(session: Session, table: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        return
    for act in ("update", "delete"):
        session.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{act}"))


@pytest.fixture
def log(hub: Hub, clock: SimulatedClock) -> Iterator[Log]:
    keys = pki.ensure(hub.config.data_dir / "pki", clock, agency=hub.config.agency.name, certifiers=[])
    with TestClient(create_app(hub, PublishedTrust(hub, keys), keys.officer_keys)) as web:
        yield Log(hub, keys.log_signer(hub.config.verify_base_url), web)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 600])
def test_stranger_rebuilds_the_log_from_what_is_published(log: Log, size: int) -> None:
    log.add(size)
    audited = log.audit()
    assert (audited.head.size, audited.grown_from) == (size, None)
    assert audited.head.origin == "tram.example.vn/log"


def test_larger_log_has_a_second_level_and_begins_with_what_was_seen(log: Log) -> None:
    log.add(300)
    seen = Seen.of(log.audit().head)
    log.add(340)
    assert log.audit(seen).grown_from == 300
    assert {"tile/1/000.p/2", "tile/0/001", "tile/0/002.p/128"} <= set(log.fetched)


def test_nothing_new_makes_no_new_head(log: Log) -> None:
    log.add(3)
    first = log.fetch("checkpoint")
    checkpoints.publish(log.hub, log.signer)
    assert log.fetch("checkpoint") == first


def test_changed_leaf_is_found_by_the_hub_itself_and_by_the_stranger(log: Log) -> None:
    log.add(300)
    log.change(update(LogLeaf).where(LogLeaf.index == 7).values(entry=bytes(32)))
    with pytest.raises(AuditFailed, match="do not make the root"):
        log.audit()
    log.change(update(LogLeaf).where(LogLeaf.index == 280).values(leaf_hash=bytes(32)))
    with pytest.raises(LogRewritten, match="300 leaves"):
        log.add(1)


def test_log_rewritten_with_all_its_heads_is_found_by_whoever_kept_one(log: Log) -> None:
    log.add(5)
    seen = Seen.of(log.audit().head)
    entry = bytes(1)
    log.change(update(LogLeaf).values(entry=entry, leaf_hash=merkle.leaf_hash(entry)))
    log.change(delete(LogCheckpoint))
    log.add(1)
    log.audit()  # by itself it is sound
    with pytest.raises(ProofWrong, match="changed behind"):
        log.audit(seen)


def test_shortened_log_is_found(log: Log) -> None:
    log.add(5)
    seen = Seen.of(log.audit().head)
    log.change(delete(LogLeaf).where(LogLeaf.index == 4))
    with pytest.raises(LogRewritten):
        checkpoints.publish(log.hub, log.signer)
    log.change(delete(LogCheckpoint))
    checkpoints.publish(log.hub, log.signer)
    with pytest.raises(AuditFailed, match="had 5 leaves and now shows 4"):
        log.audit(seen)


def test_tile_that_does_not_fit_the_entries_is_found(log: Log) -> None:
    log.add(256)
    log.change(update(LogSubtree).values(hash=bytes(32)))
    with pytest.raises(AuditFailed, match="tile 1/000"):
        log.audit()


def test_head_signed_by_another_key_is_refused(log: Log, tmp_path: Path, clock: SimulatedClock) -> None:
    log.add(1)
    stranger = pki.ensure(tmp_path / "other", clock, agency="UBND khác", certifiers=[])
    with pytest.raises(NoteWrong):
        audit.audit(log.fetch, stranger.log_signer(log.hub.config.verify_base_url).public)


@pytest.mark.parametrize(
    "path",
    ["tile/0/000.p/4", "tile/0/001", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/0", "tile/0/x000/000", "tile/7/000",
     "tile/entries/000.p/9", "tile/0/%C4%83", "tile/-1/000", "tile/0/000.p/3/../../etc"],
)  # fmt: skip
def test_what_is_not_there_is_404_or_refused(log: Log, path: str) -> None:
    log.add(3)
    assert log.web.get(f"/log/{path}").status_code in {404, 422}


def test_no_head_yet_is_404(log: Log) -> None:
    assert log.web.get("/log/checkpoint").status_code == 404


@pytest.mark.parametrize(("number", "path"), [(0, "000"), (67, "067"), (1234067, "x001/x234/067"), (1000, "x001/000")])
def test_place_of_a_tile_is_written_as_the_specification_says(number: int, path: str) -> None:
    assert Place(number=number, width=256).path == path
    assert Place.parse(path).number == number
    assert Place.parse(f"{path}.p/17") == Place(number=number, width=17)
    with pytest.raises(NoSuchTile):
        Place.parse(f"x000/{path}")


@pytest.fixture
def copy_id(log: Log, kiosk: KioskDouble) -> str:
    """A copy that was issued and signed, and its head."""
    paper = kiosk.queue_paper(draft_pdf())
    approve(log.hub, paper)
    assert SigningQueue(log.hub, CertifierDouble()).sign_next()
    checkpoints.publish(log.hub, log.signer)
    with log.hub.database.reading() as session:
        return session.query(Issue).one().copy_id


def test_holder_can_show_that_the_copy_is_in_the_log(log: Log, copy_id: str) -> None:
    told = in_log(log.hub, copy_id)
    assert told is not None
    head = Proof.parse(told.proof).check(told.entry, log.signer.public)
    assert (told.index, head.size) == (0, 1)
    assert json.loads(told.told)["copy_id"] == copy_id
    other = told.told.replace(copy_id, "0" * 26)
    with pytest.raises(ProofWrong):
        Proof.parse(told.proof).check(leaves.entry_of(bytes.fromhex(told.salt), other.encode()), log.signer.public)


def test_leaf_tells_the_holder_nothing_about_the_requester(log: Log, copy_id: str) -> None:
    told = in_log(log.hub, copy_id)
    assert told is not None
    assert "Nguyễn" not in told.told
    assert "fee_vnd" not in told.told
    assert len(json.loads(told.told)["private_sha256"]) == 64


def test_annulment_is_a_leaf_of_its_own(log: Log, copy_id: str) -> None:
    made = Annulment(decision_no="QĐ 5", reason_class=ReasonClass.ENTRY_WRONG, text="Ghi sai tên Nguyễn Văn Mẫu.")
    annulments.record(log.hub, "mau", copy_id, made)
    checkpoints.publish(log.hub, log.signer)
    assert log.audit().head.size == 2


def test_proof_is_none_before_a_head_covers_the_copy(log: Log, kiosk: KioskDouble) -> None:
    approve(log.hub, kiosk.queue_paper())
    with log.hub.database.reading() as session:
        waiting = session.query(Issue).one().copy_id
        assert Tree(session).size == 1
    told = in_log(log.hub, waiting)
    assert told is not None
    assert told.proof == ""


@pytest.mark.parametrize(
    "text", ["", "c2sp.org/tlog-proof@v1\n\n", "c2sp.org/tlog-proof@v1\nindex x\n\n", "index 0\n\n"]
)
def test_bad_proof_is_refused(text: str) -> None:
    with pytest.raises(ProofWrong):
        Proof.parse(text)


def test_command_checks_a_proof_without_a_network_and_says_what_is_wrong(
    log: Log, copy_id: str, tmp_path: Path
) -> None:
    (tmp_path / "trust.json").write_bytes(log.web.get("/trust.json").content)
    assert LogKey.parse(trust.parse((tmp_path / "trust.json").read_bytes()).log_key).id == log.signer.public.id
    told = in_log(log.hub, copy_id)
    assert told is not None
    good, bad = tmp_path / "good", tmp_path / "bad"
    body = {"index": told.index, "told": told.told, "salt": told.salt, "proof": told.proof}
    good.write_text(json.dumps(body))
    bad.write_text(json.dumps({**body, "told": told.told.replace("Phó", "Chủ")}))
    run = CliRunner()
    arguments = ["--trust", str(tmp_path / "trust.json")]
    passed = run.invoke(log_command, ["proof", str(good), *arguments])
    assert (passed.exit_code, "Line 0 of 1" in passed.output) == (0, True)
    failed = run.invoke(log_command, ["proof", str(bad), *arguments])
    assert (failed.exit_code, "another root" in failed.output) == (1, True)
    nothing = run.invoke(log_command, ["audit", "http://127.0.0.1:9/log", *arguments])
    assert nothing.exit_code == 2
