"""`make prove-deb`: every package is the same to the byte elsewhere, clean by lintian, and held by its bill; 1 if not.

Elsewhere is a clone of this commit at another path, under another umask, locale and time zone, minutes later, where
what has no wheel is built from its source again. Both take the libraries from the index, by hash.
"""

import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).resolve().parents[2]
VERSION = "0.1.0"
_BEGAN_S = time.monotonic()
_ELSEWHERE = {"LC_ALL": "C.UTF-8", "LANG": "vi_VN.UTF-8", "TZ": "Asia/Ho_Chi_Minh", "USER": "somebody"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deb:
    """One of the packages that build.sh makes."""

    what: str
    arch: str
    debian: str = "bookworm"

    @property
    def file(self) -> Path:
        """Where it is built, below a tree."""
        later = "+deb13" if self.debian == "trixie" else ""
        return Path(f"build/tram-{self.what}_{VERSION}{later}_{self.arch}.deb")

    def build(self, tree: Path, umask: int, environment: dict[str, str]) -> bytes:
        """Return the package as it is built in `tree`."""
        argv = ["bash", "systemd/deb/build.sh", self.arch, VERSION, self.what]
        around = os.environ | environment | {"DEBIAN": self.debian}
        subprocess.run(argv, cwd=tree, env=around, umask=umask, stdout=subprocess.DEVNULL, check=True)
        return (tree / self.file).read_bytes()


ALL = (
    Deb(what="kiosk", arch="amd64"), Deb(what="kiosk", arch="arm64"), Deb(what="kiosk", arch="amd64", debian="trixie"),
    Deb(what="hub", arch="amd64"),
)  # fmt: skip


def main() -> int:
    """Build each twice, look at it; names of files choose some."""
    if missing := [each for each in ("lintian", "mmdebstrap") if not shutil.which(each)]:
        print(f"{', '.join(missing)} not found: apt install lintian mmdebstrap", file=sys.stderr)
        return 2
    if subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout:
        print("The other tree is a clone of the commit: commit what you changed first.", file=sys.stderr)
        return 2
    chosen = [each for each in ALL if not sys.argv[1:] or each.file.name in sys.argv[1:]]
    broken = [fault for each in chosen for fault in proved(each)]
    for each in broken:
        _say(f"BROKEN: {each}")
    _say(f"{len(chosen)} packages, every promise held" if not broken else f"{len(broken)} promises broken")
    return int(bool(broken))


def proved(deb: Deb) -> list[str]:
    """Return what is wrong with a package."""
    here = deb.build(ROOT, 0o022, {})
    with tempfile.TemporaryDirectory(prefix="elsewhere-") as name:
        there = deb.build(_clone(Path(name) / "a/longer/way"), 0o077, _ELSEWHERE)
    broken = [*differing(deb, here, there), *_told_by_lintian(deb), *_not_in_the_bill(deb, here)]
    _say(f"{deb.file.name}: {len(here) / 1e6:.1f} MB, SHA-256 {hashlib.sha256(here).hexdigest()}")
    return broken


def _clone(place: Path) -> Path:
    """Return this commit elsewhere; environment and the Debians that compile are shared, nothing that was built."""
    subprocess.run(["git", "clone", "--quiet", "--shared", ROOT, place], umask=0o077, check=True)
    (place / ".venv").symlink_to(ROOT / ".venv")
    (place / "build/deb").mkdir(parents=True)
    for builder in (ROOT / "build/deb").glob("builder-*"):
        (place / "build/deb" / builder.name).symlink_to(builder)
    return place


def differing(deb: Deb, here: bytes, there: bytes) -> Iterator[str]:
    """Say what of two builds is not the same."""
    if here == there:
        return
    ours, theirs = _members(here), _members(there)
    names = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
    yield f"{deb.file.name} differs elsewhere: {', '.join(names) or 'the archive around its files'}"


def _members(package: bytes) -> dict[str, tuple[str, int, float, int]]:
    """Return hash, mode, time and size of every file."""
    found = {}
    for part in ("--fsys-tarfile", "--ctrl-tarfile"):
        with tarfile.open(fileobj=io.BytesIO(_taken(package, part))) as archive:
            for each in archive:
                held = archive.extractfile(each) if each.isfile() else None
                digest = hashlib.sha256(held.read()).hexdigest() if held else each.linkname
                found[each.name] = (digest, each.mode, each.mtime, each.size)
    return found


def _taken(package: bytes, part: str) -> bytes:
    return subprocess.run(["dpkg-deb", part, "/dev/stdin"], input=package, stdout=subprocess.PIPE, check=True).stdout


def _told_by_lintian(deb: Deb) -> list[str]:
    argv = ["lintian", "--allow-root", "--fail-on", "none", deb.file]
    said = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [f"{deb.file.name}: lintian says {line}" for line in said.splitlines() if line[:2] in ("E:", "W:")]


def _not_in_the_bill(deb: Deb, package: bytes) -> Iterator[str]:
    """Hold the bill against CycloneDX's own schema, and every file of the package against the bill."""
    held = {}
    with tarfile.open(fileobj=io.BytesIO(_taken(package, "--fsys-tarfile"))) as archive:
        for each in archive:
            file = archive.extractfile(each) if each.isfile() else None
            if file:
                held[each.name.removeprefix("./")] = file.read()
    papers = f"usr/share/doc/tram-{deb.what}/"
    text = held[f"{papers}sbom.cdx.json"].decode()
    if fault := JsonStrictValidator(SchemaVersion.V1_6).validate_str(text):
        yield f"{deb.file.name}: its bill is not valid: {fault}"
    bill = json.loads(text)["components"]
    hashes = {each["content"] for component in bill for each in component.get("hashes", ())}
    about = (papers, "usr/share/man/", "usr/share/lintian/")
    for name in sorted(held):
        if not name.startswith(about) and hashlib.sha256(held[name]).hexdigest() not in hashes:
            yield f"{deb.file.name}: {name} is not in its bill"


def _say(what: str) -> None:
    print(f"[{time.monotonic() - _BEGAN_S:6.1f} s] {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
