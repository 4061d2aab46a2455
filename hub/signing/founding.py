"""How the test PKI comes into being: built beside its place, then put there in one step."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from contract.clock import Clock
from hub.signing import profiles, records
from hub.signing.broker_pki import BrokerPki
from hub.signing.credentials import Credential, new_passphrase, read_pem, write_pem, write_pkcs12
from hub.signing.profiles import Authority, Extension

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
        write_pem(service(authority, "bundle", agency), people / "bundle")


def _make_people(making: Path, now: datetime, agency: str) -> None:
    people = making / "people"
    people.mkdir()
    root = profiles.root(profiles.subject("Chứng thực số công vụ gốc", agency=AUTHORITY_NAME), now)
    issuing = profiles.intermediate(
        profiles.subject("Chứng thực số cán bộ và cơ quan", agency=AUTHORITY_NAME), root, now
    )
    authority = Authority(credential=issuing, now=now)
    services = {name: service(authority, name, agency) for name in SERVICES}
    for name, credential in {"root": root, "issuing": issuing, **services}.items():
        write_pem(credential, people / name)
    owner = authority.issue(profiles.subject(agency, agency=agency), profiles.document_signer())
    passphrase = new_passphrase()
    write_pkcs12(owner, people / "agency.p12", chain=[issuing.certificate], passphrase=passphrase)
    records.write(making / records.SECRETS, {"agency": passphrase})


SERVICES: dict[str, tuple[str, Callable[[], list[Extension]]]] = {
    "tsa": ("Dịch vụ cấp dấu thời gian", profiles.timestamp_authority),
    "ocsp": ("Dịch vụ tra cứu trạng thái OCSP", profiles.ocsp_responder),
    "seal": ("Con dấu mã QR", profiles.seal_signer),
    "bundle": ("Bộ chứng thư tin cậy", profiles.bundle_signer),
}
"""The hub's own keys that lie in PEM files: whose they are, and what for."""

_OF_THE_AGENCY = ("seal", "bundle")


def service(authority: Authority, name: str, agency: str) -> Credential:
    """Return a fresh key of one of SERVICES with its certificate."""
    title, extensions = SERVICES[name]
    owner = agency if name in _OF_THE_AGENCY else AUTHORITY_NAME
    serial = profiles.short_serial() if name == "seal" else None
    return authority.issue(profiles.subject(title, agency=owner), extensions(), serial=serial)


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
