"""Run by the interpreter of a kiosk: `inside.py FOLDER PART…` looks at the pictures in FOLDER and prints JSON.

Each part is what a kiosk does with something compiled; `seconds` are wall time of this machine, emulated or not.
"""

import asyncio
import hashlib
import importlib
import io
import json
import pkgutil
import platform
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOMS = ("agent", "contract", "firmware_bridge", "models", "provisioning")


def modules(folder: Path) -> dict[str, Any]:
    """Import every module of the package."""
    failed, count = {}, 0
    for room in ROOMS:
        for each in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            count += 1
            try:
                importlib.import_module(each.name)
            except (ImportError, OSError) as fault:
                failed[each.name] = repr(fault)
    return {"count": count, "failed": failed}


def page(folder: Path) -> dict[str, Any]:
    """Read a page as a technician would."""
    tram = Path(sys.executable).with_name("tram")
    argv = [tram, "read", "--json", "--seconds", "1800", folder / "page.png"]
    read = json.loads(subprocess.run(argv, stdout=subprocess.PIPE, check=True).stdout)
    return {
        "kind": read["kind"],
        "facts": {fact["label"]: fact["value"] for fact in read["facts"]},
        "findings": [[finding["severity"], finding["ground"]] for finding in read["findings"]],
        "lines": [[line["text"], line["confidence"]] for line in read["pages"][0]["lines"]],
    }


def face(folder: Path) -> dict[str, Any]:
    """Find and embed a face."""
    import cv2

    from agent.identity.face.alignment import LIVE_CROPS, chip
    from agent.identity.face.embedding import WEIGHT, Embedder
    from agent.identity.face.finder import FaceFinder
    from agent.identity.tflite import Interpreter
    from models.manifest import verified

    picture = cv2.cvtColor(cv2.imread(str(folder / "face.png")), cv2.COLOR_BGR2RGB)
    found = FaceFinder().find(picture)
    embedding = Embedder(verified(WEIGHT)).embed([chip(picture, found[0], crop) for crop in LIVE_CROPS])
    return {"by": Interpreter.__module__, "points": found[0].tolist(), "embedding": embedding.tolist()}


def portrait(folder: Path) -> str:
    """Decode a chip's portrait (JPEG 2000)."""
    from PIL import Image

    return hashlib.sha256(Image.open(folder / "portrait.jp2").convert("RGB").tobytes()).hexdigest()


def ledger(folder: Path) -> list[str]:
    """Write a ledger, close it, open it again."""
    from agent.ledger.ledger import Ledger
    from contract.clock import SystemClock

    async def write_and_read(place: Path) -> list[str]:
        first = await Ledger.open(place, SystemClock())
        await first.answer()
        await first.close()
        again = await Ledger.open(place, SystemClock())
        rows = await again.database.transact(
            lambda c: c.execute("SELECT name FROM sqlite_master ORDER BY name").fetchall()
        )
        await again.close()
        return [str(row[0]) for row in rows]

    with tempfile.TemporaryDirectory() as name:
        return asyncio.run(write_and_read(Path(name)))


def tls(folder: Path) -> str:
    """Shake hands with both sides' certificates checked, over a key made here."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name.from_rfc4514_string("CN=localhost")
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
    made = made.not_valid_before(now - timedelta(hours=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    with tempfile.TemporaryDirectory() as place:
        pem = Path(place) / "both.pem"
        clear = serialization.NoEncryption()
        pem.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, clear)
            + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        )
        sides = []
        for purpose in (ssl.Purpose.CLIENT_AUTH, ssl.Purpose.SERVER_AUTH):
            side = ssl.create_default_context(purpose, cafile=str(pem))
            side.load_cert_chain(pem)
            side.verify_mode = ssl.CERT_REQUIRED
            sides.append(side)
    here, there = socket.socketpair()
    server = threading.Thread(target=lambda: sides[0].wrap_socket(there, server_side=True).recv(1))
    server.start()
    with sides[1].wrap_socket(here, server_hostname="localhost") as wrapped:
        wrapped.send(b"1")
        server.join()
        return f"{wrapped.version()} {wrapped.cipher()[0]}"  # type: ignore[index]


def card_reader(folder: Path) -> str:
    """Ask PC/SC for a reader where no service runs: the library is loaded, the service's absence is said."""
    from agent.devices.errors import CardReaderUnreachable
    from agent.devices.pcsc import Pcsc, aim_at

    aim_at(folder / "no-service")
    try:
        return Pcsc().reader()
    except CardReaderUnreachable as fault:
        return str(fault)


def pins(folder: Path) -> str:
    """Load what reaches a Pi's pins; off a Pi there are none."""
    if platform.machine() != "aarch64":
        return "not on this machine"
    return str(importlib.import_module("lgpio").__name__)


PARTS: tuple[Callable[[Path], Any], ...] = (modules, face, portrait, ledger, tls, card_reader, pins, page)


def main() -> None:
    """Look, and print."""
    said: dict[str, Any] = {"machine": platform.machine(), "python": platform.python_version(), "seconds": {}}
    out, sys.stdout = sys.stdout, io.StringIO()
    for part in (each for each in PARTS if each.__name__ in sys.argv[2:]):
        began_s = time.monotonic()
        said[part.__name__] = part(Path(sys.argv[1]))
        said["seconds"][part.__name__] = round(time.monotonic() - began_s, 1)
        print(
            f"  {platform.machine()} {part.__name__}: {said['seconds'][part.__name__]} s", file=sys.stderr, flush=True
        )
    json.dump(said, out)


if __name__ == "__main__":
    main()
