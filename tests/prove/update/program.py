"""A stand-in for the kiosk's program, as small as can be: it starts, says its version, and may be bad in many ways.

Its wheel is called `tram` and has a command `tram`, so that slots are built, checked and started as the real one's are.
"""

import base64
import hashlib
import io
import zipfile
from enum import StrEnum

MAIN = """
import json, os, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from tram_program import helper, manner

STATE = {"devices": [{"name": "scanner", "state": "READY"}, {"name": "printer", "state": "DOWN"}],
         "link": {"online": True}, "version": version("tram")}

class Status(BaseHTTPRequestHandler):
    def do_GET(self):
        content = json.dumps(STATE).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass

def main():
    if sys.argv[1:3] == ["update", "self-check"]:
        sys.exit("the weight is not the listed one" if manner.NAME == "self-check" else 0)
    assert helper.works()
    if manner.NAME == "crash":
        raise RuntimeError("a bad release")
    if manner.NAME == "hang":
        time.sleep(600)
    if manner.NAME == "device":
        STATE["devices"][0]["state"] = "DOWN"
    if manner.NAME == "offline":
        STATE["link"]["online"] = False
    if manner.NAME == "liar":
        STATE["version"] = "0.0"
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Status).serve_forever()
"""


class Manner(StrEnum):
    """How a release of the stand-in behaves."""

    GOOD = "good"
    CRASH = "crash"
    HANG = "hang"
    DEVICE = "device"
    OFFLINE = "offline"
    LIAR = "liar"
    SELF_CHECK = "self-check"


BAD = tuple(manner for manner in Manner if manner is not Manner.GOOD)


def app(version: str, manner: Manner) -> tuple[str, bytes]:
    """Return name and content of the program's wheel."""
    members = {
        "tram_program/__init__.py": b"",
        "tram_program/main.py": MAIN.encode(),
        "tram_program/manner.py": f"NAME = {str(manner)!r}\n".encode(),
        "tram_program/weights.bin": hashlib.sha256(b"weights").digest() * 4096,
        f"tram-{version}.dist-info/entry_points.txt": b"[console_scripts]\ntram = tram_program.main:main\n",
    }
    return f"tram-{version}-py3-none-any.whl", _wheel("tram", version, members)


def package(version: str = "1.0") -> tuple[str, bytes]:
    """Return name and content of the wheel of the one package that the program needs."""
    members = {"tram_program/helper.py": b"def works():\n    return True\n"}
    return f"helper-{version}-py3-none-any.whl", _wheel("helper", version, members)


def _wheel(name: str, version: str, members: dict[str, bytes]) -> bytes:
    info = f"{name}-{version}.dist-info"
    members[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
    members[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = [f"{path},sha256={_hash(content)},{len(content)}" for path, content in members.items()]
    members[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in members.items():
            wheel.writestr(path, content)
    return packed.getvalue()


def _hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
