"""`tram log`: the public log of an agency, checked from outside by anyone."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import httpx
import msgspec

from contract.clock import SystemClock
from contract.note import LogKey, NoteWrong
from hub.log import audit as auditing
from hub.log.audit import AuditFailed, Seen
from hub.log.merkle import ProofWrong
from hub.log.proof import Proof
from hub.register.in_log import InLog
from hub.verify import trust
from provisioning import trust_bundle

HOLDS, BROKEN, CANNOT_TELL = 0, 1, 2
TIMEOUT_S = 20.0

_BUNDLE = click.option(
    "--trust", "bundle", required=True, type=click.Path(path_type=Path), help="The agency's trust.jws or trust.json."
)


@click.group()
def log() -> None:
    """Check an agency's public log of issues and annulments."""


@log.command()
@click.argument("address")
@_BUNDLE
@click.option(
    "--seen", type=click.Path(path_type=Path), help="Where the head of this audit is kept for the next (made if new)."
)
def audit(address: str, bundle: Path, seen: Path | None) -> None:
    """Fetch the whole log at ADDRESS (https://…/log) and build its tree anew.

    With --seen the log must also begin with all that it had at the last audit. Exit 0 it holds, 1 it does not,
    2 it can't be told.
    """
    with _verdict(), httpx.Client(timeout=TIMEOUT_S) as web:
        before = _kept(seen)
        audited = auditing.audit(lambda path: _get(web, f"{address.rstrip('/')}/{path}"), _key(bundle), before)
        if seen is not None:
            seen.write_bytes(msgspec.json.encode(Seen.of(audited.head)))
        grown = "" if audited.grown_from is None else f"; its first {audited.grown_from} lines are those seen before"
        click.echo(f"Nhật ký nguyên vẹn. The log holds: {audited.head.size} lines{grown}.")


@log.command()
@click.argument("file", type=click.Path(path_type=Path))
@_BUNDLE
def proof(file: Path, bundle: Path) -> None:
    """Check FILE, the proof that the verify page gives for a copy; needs no network."""
    with _verdict():
        told = msgspec.json.decode(file.read_bytes(), type=InLog)
        head = Proof.parse(told.proof).check(told.entry, _key(bundle))
        click.echo(f"Có trong nhật ký. Line {told.index} of {head.size} in the log {head.origin}:")
        click.echo(told.told)


@contextmanager
def _verdict() -> Iterator[None]:
    """End the program with the exit code and the sentence that a fault calls for."""
    try:
        yield
    except (AuditFailed, NoteWrong, ProofWrong) as fault:
        click.echo(f"Nhật ký KHÔNG nguyên vẹn. The log does not hold: {fault}.", err=True)
        sys.exit(BROKEN)
    except (OSError, httpx.HTTPError, trust.TrustUnreadable, msgspec.DecodeError, UnicodeDecodeError) as fault:
        click.echo(f"Chưa kiểm tra được. It can't be told: {fault}", err=True)
        sys.exit(CANNOT_TELL)


def _key(bundle: Path) -> LogKey:
    return LogKey.parse(trust_bundle.load(bundle, SystemClock().now()).trust.log_key)


def _kept(seen: Path | None) -> Seen | None:
    return msgspec.json.decode(seen.read_bytes(), type=Seen) if seen is not None and seen.exists() else None


def _get(web: httpx.Client, address: str) -> bytes:
    return web.get(address).raise_for_status().content
