"""What the hub's rooms share: configuration, clock, database, blobs, bells."""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from contract.clock import Clock
from contract.time_report import REPORT
from hub.bell import Bell
from hub.calendar import WorkingCalendar
from hub.config import HubConfig
from hub.faults import StoreUnusable
from hub.signing.credentials import write_once
from hub.signing.evidence_key import EvidenceKeys
from hub.signing.faults import PkiDamaged
from hub.signing.signers import OpenKeys
from hub.signing.source_board import SourceBoard
from hub.store.archive import Archive
from hub.store.blobs import BlobStore, ChunkStore
from hub.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """One agency's hub, opened; the bells wake the workers of signing, replies, held decisions and documents.

    `clock_report` is what chrony says of the clock (`contract.time_report`), None where it is believed unwatched.
    """

    config: HubConfig
    clock: Clock
    clock_report: Path | None
    database: Database
    drafts: BlobStore
    tails: BlobStore
    bundles: BlobStore
    extensions: BlobStore
    evidence: BlobStore
    evidence_keys: EvidenceKeys
    genuine_secret: bytes
    archive: Archive | None
    chunks: ChunkStore
    calendar: WorkingCalendar
    open_keys: OpenKeys
    sources: SourceBoard
    to_sign: Bell = field(default_factory=Bell)
    to_send: Bell = field(default_factory=Bell)
    to_settle: Bell = field(default_factory=Bell)
    to_archive: Bell = field(default_factory=Bell)

    @classmethod
    def open(cls, config: HubConfig, clock: Clock) -> Self:
        """Open (or make) the data folder and bring the database up to date; raise StoreUnusable."""
        folder = config.data_dir
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            stores = [BlobStore(folder / name) for name in ("drafts", "tails", "bundles", "extensions", "evidence")]
            archive = Archive.of(folder, config.documents.backups) if config.documents else None
            opening = EvidenceKeys.ensure(folder / "evidence-key")
            write_once(folder / "genuine.secret", secrets.token_bytes(32))
            genuine = (folder / "genuine.secret").read_bytes()
        except PkiDamaged as fault:
            raise StoreUnusable(f"{fault}.") from fault
        except OSError as fault:
            raise StoreUnusable(f"The data folder {folder} can't be written: {fault.strerror}.") from fault
        return cls(
            config=config,
            clock=clock,
            clock_report=None if config.stand_ins.own_clock else REPORT,
            database=Database.opened(config.database or f"sqlite:///{folder / 'hub.sqlite'}"),
            drafts=stores[0],
            tails=stores[1],
            bundles=stores[2],
            extensions=stores[3],
            evidence=stores[4],
            evidence_keys=opening,
            genuine_secret=genuine,
            archive=archive,
            chunks=ChunkStore(folder / "chunks"),
            calendar=WorkingCalendar.vietnam(),
            open_keys=OpenKeys(clock),
            sources=SourceBoard(clock),
        )


class TrustSource(Protocol):
    """The current trust statement: anchors, seal certificates, certifiers, annulled copies."""

    def __call__(self) -> bytes:
        """Return it as JSON (`trust.json`)."""

    def signed(self) -> bytes:
        """Return it as JWS (`trust.jws`)."""
