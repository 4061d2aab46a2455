"""How the test PKI comes into being: built beside its place, then put there in one step."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from contract.clock import Clock
from hub.signing import profiles, records
from hub.signing.broker_pki import BrokerPki
from hub.signing.credentials import Credential, new_passphrase, read_pem, write_pem, write_pkcs12
from hub.signing.profiles import Authority

AUTHORITY_NAME = "Cơ quan chứng thực công vụ"


@contextmanager
def alone(directory: Path) -> Iterator[None]:
    """Keep other processes of this machine from founding or enrolling in `directory` meanwhile."""
    with (directory.parent / f".{directory.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def found(directory: Path, clock: Clock, agency: str) -> None:
    """Make a new PKI for `agency`; what an earlier crash left half-made is thrown away."""
    pattern = f".{directory.name}.making-"
    for stale in directory.parent.glob(pattern + "*"):
        shutil.rmtree(stale)
    making = Path(tempfile.mkdtemp(dir=directory.parent, prefix=pattern))
    _make_people(making, clock.now(), agency)
    BrokerPki.found(making / "broker", clock)
    records.write(making / records.REVOKED, records.RevokedLists())
    records.write(making / records.ROSTER, records.Roster(agency=agency))
    making.rename(directory)
    _make_durable(directory.parent)


def add_bundle_signer(directory: Path, clock: Clock, agency: str) -> None:
    """Issue the certificate that signs the trust bundle where there is none: in a folder older than the bundle."""
    people = directory / "people"
    if not (people / "bundle.pem").exists():
        authority = Authority(credential=read_pem(people / "issuing"), now=clock.now())
        write_pem(_bundle_signer(authority, agency), people / "bundle")


def _make_people(making: Path, now: datetime, agency: str) -> None:
    people = making / "people"
    people.mkdir()
    root = profiles.root(profiles.subject("Chứng thực số công vụ gốc", agency=AUTHORITY_NAME), now)
    issuing = profiles.intermediate(
        profiles.subject("Chứng thực số cán bộ và cơ quan", agency=AUTHORITY_NAME), root, now
    )
    for name, credential in {"root": root, "issuing": issuing, **_services(issuing, now, agency)}.items():
        write_pem(credential, people / name)
    owner = Authority(credential=issuing, now=now).issue(
        profiles.subject(agency, agency=agency), profiles.document_signer()
    )
    passphrase = new_passphrase()
    write_pkcs12(owner, people / "agency.p12", chain=[issuing.certificate], passphrase=passphrase)
    records.write(making / records.SECRETS, {"agency": passphrase})


def _services(issuing: Credential, now: datetime, agency: str) -> dict[str, Credential]:
    authority = Authority(credential=issuing, now=now)
    stamping = profiles.subject("Dịch vụ cấp dấu thời gian", agency=AUTHORITY_NAME)
    answering = profiles.subject("Dịch vụ tra cứu trạng thái OCSP", agency=AUTHORITY_NAME)
    sealing = profiles.subject("Con dấu mã QR", agency=agency)
    return {
        "tsa": authority.issue(stamping, profiles.timestamp_authority()),
        "ocsp": authority.issue(answering, profiles.ocsp_responder()),
        "seal": authority.issue(sealing, profiles.seal_signer(), serial=profiles.short_serial()),
        "bundle": _bundle_signer(authority, agency),
    }


def _bundle_signer(authority: Authority, agency: str) -> Credential:
    return authority.issue(profiles.subject("Bộ chứng thư tin cậy", agency=agency), profiles.bundle_signer())


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
