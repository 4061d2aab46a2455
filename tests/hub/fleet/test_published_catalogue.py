"""The catalogue at the hub: published if signed and newer, named in the job, sent chunk by chunk, shown to phones."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fleet_doubles import FleetKiosk, asked
from hub_doubles import KIOSK

from contract.catalogue import CatalogueWrong, own, packed
from contract.clock import SimulatedClock
from contract.ids import new_ulid, sha256_hex
from contract.jobs import JobEnvelope
from contract.messages import BlobRef
from contract.note import LogSigner
from contract.topics import BLOB_CHUNK_BYTES
from hub.faults import JobMalformed
from hub.fleet import catalogue, jobs
from hub.fleet.wishes import Wish
from hub.rooms import Hub

SIGNER = LogSigner(name="tram.example.vn/catalogue", key=Ed25519PrivateKey.generate())
UPDATE = Wish(verb="update-catalogue")


def package(version: int) -> bytes:
    return packed(msgspec.structs.replace(own(), version=version), SIGNER)


def told(hub: Hub) -> BlobRef:
    """Return what the one job that is told brings with it."""
    ((_, job),) = asked(hub)
    assert isinstance(job, JobEnvelope) and job.blob
    return job.blob


@pytest.fixture
def kiosk(hub: Hub, clock: SimulatedClock) -> FleetKiosk:
    return FleetKiosk(hub, clock)


def test_only_a_newer_package_that_is_signed_so_is_published(hub: Hub) -> None:
    folder = hub.config.data_dir
    assert catalogue.current(folder) == own() and catalogue.published(folder) is None
    stranger = LogSigner(name=SIGNER.name, key=Ed25519PrivateKey.generate())
    for wrong, key in ((package(2), stranger.public), (package(1), SIGNER.public), (b"{}", SIGNER.public)):
        with pytest.raises(CatalogueWrong):
            catalogue.publish(folder, wrong, key)
    assert catalogue.publish(folder, package(3), SIGNER.public).version == 3
    with pytest.raises(CatalogueWrong, match="2 is not newer than 3"):
        catalogue.publish(folder, package(2), SIGNER.public)
    assert catalogue.current(folder).version == 3


def test_without_a_published_catalogue_nothing_is_asked_of_a_kiosk(hub: Hub) -> None:
    with pytest.raises(JobMalformed, match="publish"):
        jobs.ask(hub, "may", KIOSK, new_ulid(hub.clock.now()), UPDATE)


def test_the_job_names_the_package_and_the_kiosk_gets_its_chunks(hub: Hub, kiosk: FleetKiosk) -> None:
    whole = package(2)
    assert len(whole) > BLOB_CHUNK_BYTES
    catalogue.publish(hub.config.data_dir, whole, SIGNER.public)
    jobs.ask(hub, "may", KIOSK, new_ulid(hub.clock.now()), UPDATE)
    blob = told(hub)
    assert (blob.sha256, blob.size_bytes) == (sha256_hex(whole), len(whole))
    chunks = kiosk.collected(blob)
    assert b"".join(chunks) == whole and [len(each) for each in chunks[:-1]] == [BLOB_CHUNK_BYTES] * (len(chunks) - 1)


def test_a_package_that_was_replaced_is_no_longer_sent(hub: Hub, kiosk: FleetKiosk) -> None:
    catalogue.publish(hub.config.data_dir, package(2), SIGNER.public)
    jobs.ask(hub, "may", KIOSK, new_ulid(hub.clock.now()), UPDATE)
    blob = told(hub)
    catalogue.publish(hub.config.data_dir, package(3), SIGNER.public)
    assert kiosk.collected(blob) == []
