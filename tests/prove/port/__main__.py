"""`make prove-arm64`: install a package for another machine, let it read, look, remember; 1 where it differs from here.

Compared are the same words, fields and findings, confidences within CONFIDENCE, a face's points within POINTS_PX and
its embedding within EMBEDDING (people lie about 0.8 apart). Arithmetic differs in its last bits between the machines.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from models.specimens.catalogue import make
from models.specimens.degrade import scan
from tests.identity.drawn_face import draw_face
from tests.prove.port import rootfs
from tests.prove.port.again import INSTALL, broken_promises
from tests.prove.port.inside import PARTS

CONFIDENCE, POINTS_PX, EMBEDDING = 0.02, 0.1, 0.01
_INSIDE = "TRAM_PORT_INSIDE"
_BEGAN_S = time.monotonic()
_LOOK = Path(__file__).with_name("inside.py")


def main() -> int:
    """Prepare with the network, then prove without."""
    package = Path(sys.argv[1]).resolve()
    port = rootfs.port_of(package)
    if said := rootfs.lacking(port):
        print(said, file=sys.stderr)
        return 2
    if _INSIDE not in os.environ:
        rootfs.ensure(port, _say)
        os.environ[_INSIDE] = "1"
        again = [sys.executable, "-m", "tests.prove.port", str(package)]
        os.execvp("unshare", ["unshare", "--net", "--mount", "--", *again])
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    debian = rootfs.Debian(port)
    install(debian, package)
    pictures = debian.root / "mnt"
    draw(pictures)
    (pictures / _LOOK.name).write_bytes(_LOOK.read_bytes())
    there = json.loads(debian.run("/opt/tram/current/bin/python", f"/mnt/{_LOOK.name}", "/mnt", *_names()))
    parts = [name for name in _names() if name != "modules"]
    argv = [sys.executable, str(_LOOK), str(pictures), *parts]
    here = json.loads(subprocess.run(argv, stdout=subprocess.PIPE, check=True).stdout)
    native = subprocess.run(["dpkg", "--print-architecture"], stdout=subprocess.PIPE, text=True, check=True).stdout
    again = list(broken_promises(debian)) if port.arch == native.strip() else []  # minutes where it is emulated
    return report(here, there, again)


def install(debian: rootfs.Debian, package: Path) -> None:
    """Install it as dpkg does on the board; Python's byte code is left to be made when it is needed."""
    (debian.root / "package.deb").write_bytes(package.read_bytes())
    began_s = time.monotonic()
    debian.run(*INSTALL, PIP_NO_COMPILE="1")
    slot = debian.run("readlink", "/opt/tram/current").strip()
    _say(f"dpkg --install {package.name}: {time.monotonic() - began_s:.0f} s, environment in {slot}")
    listed = debian.run("dpkg-query", "--listfiles", "tram-kiosk")
    units = re.findall(r"^/usr/lib/systemd/system/tram[^/]*\.(?:service|path|timer|target)$", listed, re.M)
    debian.run("systemd-analyze", "verify", "--man=no", *units)
    _say(f"{len(units)} units accepted by {debian.run('systemctl', '--version').splitlines()[0]}")


def draw(folder: Path) -> None:
    """Write a scanned specimen, a drawn face and a chip's portrait of it."""
    page = scan(make("KHAI_SINH", 1), 1, strength="office").pages[0]
    page.convert("RGB").save(folder / "page.png", dpi=(300, 300))
    face = draw_face(0)
    cv2.imwrite(str(folder / "face.png"), cv2.cvtColor(face, cv2.COLOR_RGB2BGR))
    Image.fromarray(face).save(folder / "portrait.jp2", irreversible=False)


def report(here: dict[str, Any], there: dict[str, Any], again: list[str]) -> int:
    """Say what was seen on both; return 1 where a promise breaks."""
    _say(f"{there['modules']['count']} modules imported on {there['machine']} with Python {there['python']}")
    for name, seconds in there["seconds"].items():
        beside = f", here {here['seconds'][name]} s" if name in here["seconds"] else ""
        _say(f"{name}: {seconds} s there{beside}")
    _say(f"{len(there['page']['lines'])} lines, {len(there['page']['facts'])} fields, {there['page']['kind']}")
    _say(f"nets by {there['face']['by']}, here {here['face']['by']}")
    _say(f"TLS: {there['tls']}; PC/SC without its service: {there['card_reader']}; pins: {there['pins']}")
    for what, value, limit in _apart(here, there):
        _say(f"{what}: {value:.5f} apart at most (allowed {limit})")
    broken = [*_broken(here, there), *again]
    for each in broken:
        _say(f"BROKEN: {each}")
    _say("it does what this machine does" if not broken else f"{len(broken)} promises broken")
    return int(bool(broken))


def _broken(here: dict[str, Any], there: dict[str, Any]) -> Iterator[str]:
    for module, fault in there["modules"]["failed"].items():
        yield f"{module} can't be imported: {fault}"
    if not there["page"]["lines"] or not there["page"]["facts"]:
        yield f"nothing was read on {there['machine']}"
    for part in ("kind", "facts", "findings"):
        if here["page"][part] != there["page"][part]:
            yield f"{part} of the page: {there['page'][part]} instead of {here['page'][part]}"
    words = [[line for line, _ in each["page"]["lines"]] for each in (here, there)]
    for ours, theirs in zip(*words, strict=False):
        if ours != theirs:
            yield f"a line of the page: {theirs!r} instead of {ours!r}"
    if len(words[0]) != len(words[1]):
        yield f"{len(words[1])} lines on the page instead of {len(words[0])}"
    for name in ("portrait", "ledger", "tls", "card_reader"):
        if here[name] != there[name]:
            yield f"{name}: {there[name]} instead of {here[name]}"
    yield from (
        f"{what}: {value} apart, allowed {limit}" for what, value, limit in _apart(here, there) if value > limit
    )


def _apart(here: dict[str, Any], there: dict[str, Any]) -> Iterator[tuple[str, float, float]]:
    sure = [np.array([each for _, each in side["page"]["lines"]]) for side in (here, there)]
    if len(sure[0]) == len(sure[1]):
        yield "a line's confidence", float(np.abs(sure[0] - sure[1]).max()), CONFIDENCE
    points, embeddings = ([np.array(side["face"][name]) for side in (here, there)] for name in ("points", "embedding"))
    yield "a face's points in pixels", float(np.abs(points[0] - points[1]).max()), POINTS_PX
    yield "a face's embedding", float(np.linalg.norm(embeddings[0] - embeddings[1])), EMBEDDING


def _names() -> list[str]:
    return [part.__name__ for part in PARTS]


def _say(what: str) -> None:
    print(f"[{time.monotonic() - _BEGAN_S:6.1f} s] {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
