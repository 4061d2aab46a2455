"""A hub with an archive in three folders and real keys."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from document_doubles import READERS_TOKEN, TOKEN, Town
from fastapi.testclient import TestClient
from hub_doubles import opened

from contract.clock import SimulatedClock
from contract.ids import new_ulid, sha256_hex
from hub.config import HubConfig
from hub.console.app import create_app
from hub.dossiers.settings import DocumentClient, DocumentPermit, DocumentsConfig
from hub.dossiers.signing import DocumentQueue
from hub.signing import pki, services
from hub.signing.digitised import Digitiser
from hub.verify.published import PublishedTrust

AGENCY = "UBND phường Mẫu"
MADE_AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def config(config: HubConfig, tmp_path: Path) -> HubConfig:
    backups = (tmp_path / "backup-1", tmp_path / "backup-2")
    for each in backups:
        each.mkdir()
    clients = (
        DocumentClient(name="kho", token_sha256=sha256_hex(TOKEN.encode()), may=tuple(DocumentPermit)),
        DocumentClient(name="doc", token_sha256=sha256_hex(READERS_TOKEN.encode())),
    )
    return msgspec.structs.replace(config, documents=DocumentsConfig(backups=backups, clients=clients))


@pytest.fixture(scope="session")
def made_keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a PKI that each test copies: making one takes longer than most tests."""
    folder = tmp_path_factory.mktemp("documents") / "pki"
    pki.ensure(folder, SimulatedClock(MADE_AT), agency=AGENCY, certifiers=[])
    return folder


@pytest.fixture
def town(config: HubConfig, clock: SimulatedClock, made_keys: Path) -> Iterator[Town]:
    hub = opened(config, clock)
    shutil.copytree(made_keys, config.data_dir / "pki")
    keys = pki.ensure(config.data_dir / "pki", clock, agency=config.agency.name, certifiers=[])
    queue = DocumentQueue(hub, Digitiser(keys, clock, services.embedded(keys, clock)))
    assert config.documents is not None
    with TestClient(create_app(hub, PublishedTrust(hub, keys), keys.officer_keys)) as web:
        yield Town(
            hub=hub, keys=keys, web=web, clock=clock, queue=queue, dossier=new_ulid(clock.now()),
            backups=config.documents.backups,
        )  # fmt: skip
    hub.database.close()
