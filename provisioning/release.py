"""`tram release`: keys, root and releases of the repository that kiosks update from (`provisioning.releasing`)."""

import sys
import sysconfig
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import click

from contract.clock import SystemClock
from provisioning.releasing import keys, packing
from provisioning.releasing import root as roots
from provisioning.releasing.keys import KeyWrong
from provisioning.releasing.packing import Parts, WheelWrong
from provisioning.releasing.repository import NotPublished, ReleaseRepository
from provisioning.releasing.root import Holders, RootWrong

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_PASSPHRASE = click.option("--passphrase", envvar="TRAM_KEY_PASSPHRASE", prompt=True, hide_input=True, default="")
_ONLINE = click.option("--online", type=_FILE, required=True, help="The key of snapshot and timestamp.")
_TARGETS = click.option("--key", type=_FILE, required=True, help="The publisher's key (targets).")
_FAULTS = (KeyWrong, NotPublished, OSError, RootWrong, WheelWrong)
_TOLD_BEFORE = timedelta(days=45)
_BEFORE = {
    "root": "let its holders sign a new one (tram release root new)",
    "targets": "sign it anew (tram release resign)",
}
"""What is to be done before the end of what people sign by hand."""


@click.group()
def release() -> None:
    """The repository of releases: a publisher's work, never a kiosk's."""


@release.command()
@click.argument("file", type=_FILE)
@_PASSPHRASE
def key(file: Path, passphrase: str) -> None:
    """Make a key in FILE, encrypted where a passphrase is given, and FILE.pub beside it."""
    click.echo(f"{_done(lambda: keys.make(file, passphrase))} is its public half.")


@release.group()
def root() -> None:
    """Who may sign: drawn up here, signed by each holder on a machine without a network, taken here."""


@root.command()
@click.argument("repository", type=_FOLDER)
@click.option("--root", "roots_", type=_FILE, multiple=True, required=True, help="Public keys of the root's holders.")
@click.option("--threshold", type=int, default=2, show_default=True, help="How many of them must sign.")
@click.option("--targets", type=_FILE, multiple=True, required=True, help="Public keys of publishers.")
@click.option("--online", type=_FILE, multiple=True, required=True, help="Public keys of snapshot and timestamp.")
def new(
    repository: Path, roots_: tuple[Path, ...], threshold: int, targets: tuple[Path, ...], online: tuple[Path, ...]
) -> None:
    """Draw up the next root of REPOSITORY with these keys; keys that are not named lose their power."""

    def drawn() -> Path:
        named = [[keys.public(path) for path in paths] for paths in (roots_, targets, online)]
        holders = Holders(root=named[0], threshold=threshold, targets=named[1], online=named[2])
        return roots.propose(repository, holders, SystemClock())

    click.echo(f"{_done(drawn)} is to be signed by its holders.")


@root.command()
@click.argument("file", type=_FILE)
@_TARGETS
@_PASSPHRASE
def sign(file: Path, key: Path, passphrase: str) -> None:
    """Sign the proposed root FILE with one holder's key."""
    count = _done(lambda: roots.sign(file, keys.signer(key, passphrase)))
    click.echo(f"{file} has {count} signatures.")


@root.command()
@click.argument("repository", type=_FOLDER)
def accept(repository: Path) -> None:
    """Take the proposed root if enough old and new holders signed it."""
    version = _done(lambda: roots.accept(repository, repository / roots.PROPOSED))
    (repository / roots.PROPOSED).unlink()
    click.echo(f"Root {version} is in force. Run `tram release resign` where a publisher's or the online key changed.")


@root.command()
@click.argument("file", type=_FILE)
def show(file: Path) -> None:
    """Say what the root FILE is, as a package is to bring it (`make deb ROOT=FILE`); exit code 1 where it is none."""
    known = _done(lambda: roots.shown(file))
    click.echo(f"Root {known.version}: {known.threshold} of {known.holders} sign it; to {known.expires:%d/%m/%Y}.")


@release.command()
@click.argument("repository", type=_FOLDER)
@click.option("--app", type=_FILE, required=True, help="The program's own wheel; its version is the release's.")
@click.option("--wheels", type=_FOLDER, required=True, help="The folder with the wheels of the packages it needs.")
@click.option("--number", type=click.IntRange(min=1), required=True, help="Higher than that of any release before.")
@click.option("--platform", default=sysconfig.get_platform(), show_default=True)
@click.option("--python", default=sysconfig.get_python_version(), show_default=True)
@_TARGETS
@_ONLINE
@_PASSPHRASE
def publish(
    repository: Path, app: Path, wheels: Path, number: int, platform: str, python: str, key: Path, online: Path,
    passphrase: str,
) -> None:  # fmt: skip
    """Offer a release to kiosks of one kind of machine."""

    def published() -> str:
        store = _repository(repository, online, key, passphrase)
        parts = Parts(app=app, wheels=tuple(wheels.glob("*.whl")), platform=platform, python=python)
        made = packing.pack(repository, parts, number, SystemClock().now())
        store.publish(made)
        return f"{made.version} for {platform}: {len(made.files)} files, {len(made.wheels)} packages."

    click.echo(_done(published))


@release.command()
@click.argument("repository", type=_FOLDER)
@click.argument("version")
@click.option("--platform", default=sysconfig.get_platform(), show_default=True)
@_TARGETS
@_ONLINE
@_PASSPHRASE
def withdraw(repository: Path, version: str, platform: str, key: Path, online: Path, passphrase: str) -> None:
    """Offer a release no more; kiosks that run it keep it until they get another."""
    _done(lambda: _repository(repository, online, key, passphrase).withdraw(platform, version))
    click.echo(f"{version} for {platform} is no longer offered.")


@release.command()
@click.argument("repository", type=_FOLDER)
@_TARGETS
@_ONLINE
@_PASSPHRASE
def resign(repository: Path, key: Path, online: Path, passphrase: str) -> None:
    """Sign targets, snapshot and timestamp anew: after a change of keys, and before 180 days are over."""
    _done(lambda: _repository(repository, online, key, passphrase).resign_targets())
    click.echo("Signed anew.")


@release.command()
@click.argument("repository", type=_FOLDER)
@_ONLINE
@_PASSPHRASE
def renew(repository: Path, online: Path, passphrase: str) -> None:
    """Sign snapshot and timestamp anew: every day, or kiosks take the repository for frozen after a week.

    What people must sign soon is told on the standard error output, which a daily job mails.
    """
    store, now = _done(lambda: _repository(repository, online, None, passphrase)), SystemClock().now()
    _done(store.renew)
    click.echo("Renewed.")
    for role, until in store.good_until().items():
        if until - now < _TOLD_BEFORE:
            click.echo(f"{role} is good to {until:%d/%m/%Y}, then no kiosk believes it: {_BEFORE[role]}.", err=True)


@release.command("list")
@click.argument("repository", type=_FOLDER)
def listed(repository: Path) -> None:
    """List what is offered."""
    for name, number in sorted(_done(lambda: offered(repository)).items(), key=lambda each: each[1]):
        click.echo(f"{number:>5}  {name}")


def offered(repository: Path) -> dict[str, int]:
    """Return the releases in a repository, each with its number."""
    return ReleaseRepository(repository, SystemClock()).releases()


def _repository(folder: Path, online: Path, key: Path | None, passphrase: str) -> ReleaseRepository:
    targets = keys.signer(key, passphrase) if key else None
    return ReleaseRepository(folder, SystemClock(), targets=targets, online=keys.signer(online, passphrase))


def _done(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except _FAULTS as fault:
        _end(f"{fault}.")


def _end(text: str) -> NoReturn:
    click.echo(text, err=True)
    sys.exit(1)
