"""`make prove-enrol`: a kiosk enrols at a real hub with its key under a (software) TPM, is copied, stolen and revoked.

Real parts: `tram enrol`, the hub with its EST port, Mosquitto, swtpm, the kiosk's program. Each fault is judged by what
the parts themselves say: the kiosk's status, the hub's pages, the doctor's lines. Exits 1 where a promise breaks.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from provisioning.kiosk_file import KioskFile
from provisioning.onebox import glass, settings
from provisioning.onebox.box import TRAM, OneBox, Ports, answers
from provisioning.onebox.child import Child, ChildFailed, free_port
from provisioning.onebox.play import Play, Visit
from provisioning.onebox.tpm import TpmStandIn

KIOSK = settings.KIOSK_ID
WITHIN_S = 60.0


class PromiseBroken(Exception):
    """What was promised did not hold."""


class Operator:
    """Who runs the kiosks, at the hub's API."""

    def __init__(self, box: OneBox) -> None:
        _, password, _ = settings.officer_login(box.folder)
        self._web = httpx.Client(base_url=box.hub_url, timeout=30)
        login = self._web.post("/api/session", json={"login": settings.OPERATOR, "password": password})
        self._web.headers["Authorization"] = f"Bearer {login.json()['token']}"

    def ticket(self, kiosk: str = KIOSK) -> str:
        return str(self._done("POST", f"/api/kiosks/{kiosk}/enrolment-code").json()["ticket"])

    def page(self, path: str) -> str:
        return self._done("GET", path).text

    def quarantined(self) -> bool:
        return "Hai máy cùng xưng là trạm này" in self._done("GET", f"/console/kiosks/{KIOSK}/now").text

    def release(self) -> None:
        self._done("DELETE", f"/api/kiosks/{KIOSK}/quarantine")

    def revoke(self, kiosk: str = KIOSK) -> None:
        self._done("POST", f"/api/kiosks/{kiosk}/revocation")

    def update(self, rollout: str, version: str) -> None:
        self._done("PUT", f"/api/rollouts/{rollout}", {"verb": "update", "release": version})

    def job_of(self, rollout: str) -> dict[str, Any]:
        return dict(self._done("GET", f"/api/rollouts/{rollout}").json()["jobs"][0])

    def _done(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return self._web.request(method, path, json=body).raise_for_status()


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="tram-enrol-"))
    box = OneBox(folder, glass.lay((), folder / "glass"), Ports.free())
    tpm, thief = TpmStandIn(folder / "tpm"), TpmStandIn(folder / "another-tpm")
    tpm.start()
    thief.start()
    try:
        box.start(lambda _: None)
        box.kill_part("kiosk")
        _prove(box, tpm, thief)
    except (PromiseBroken, ChildFailed) as fault:
        print(f"BROKEN: {fault}")
        sys.exit(1)
    finally:
        box.stop()
        tpm.stop()
        thief.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _prove(box: OneBox, tpm: TpmStandIn, thief: TpmStandIn) -> None:
    operator, toml = Operator(box), box.folder / "kiosk.toml"
    began = time.monotonic()
    said = _tram(
        "enrol", operator.ticket(), "--config", toml, "--identity", box.folder / "identity", "--tpm", tpm.device
    )
    key = next((box.folder / "identity").glob("*/device.key"))
    _require(b"PRIVATE KEY" not in key.read_bytes(), "the key lies readable on the disk")
    tpm.flush()
    box.start_part("kiosk")
    _until(lambda: _status(box.kiosk_url)["link"]["online"], "the enrolled kiosk did not come online")
    print(f"enrolled, key under the TPM, online after {time.monotonic() - began:.1f} s: {said.splitlines()[-2]}")

    findings = _doctor(toml)
    for name in ("tls", "broker", "hub", "place"):
        _require(findings[name]["state"] == "READY", f"the doctor finds {name} {findings[name]['detail']}")
    print("doctor:", ", ".join(f"{name} {line['state']}" for name, line in findings.items()))

    copy = _copied(box)
    tpm.flush()
    _start_stolen(copy, thief)
    clone = _child("clone", copy, box)
    visit = _visit_amid_which(box, lambda: _cloned(box, clone, copy, operator))
    _require(not visit.certified and visit.ending["code"] == "REJECTED_BY_HUB", f"the visit ended so: {visit.ending}")
    money = {name: visit.balance[name] for name in ("escrow_vnd", "returned_vnd")}
    _require(money["escrow_vnd"] == 0 and money["returned_vnd"] > 0, f"money was kept: {visit.balance}")
    place = _doctor(toml)["place"]
    _require(place["state"] != "READY" and "Two machines" in place["detail"], f"the doctor says {place}")
    print(
        f"copied disk: both out of service, {money['returned_vnd']} đ given back; {place['detail']} → {place['remedy']}"
    )
    clone.kill()

    operator.release()
    _require(not operator.quarantined(), "a release did not end the quarantine")
    began = time.monotonic()
    _until(lambda: not _status(box.kiosk_url)["shut_out"], "a released kiosk does not serve again", 90)
    print(f"released: in service again after {time.monotonic() - began:.0f} s")
    operator.revoke()
    box.kill_part("broker")
    box.start_part("broker")
    began = time.monotonic()
    _until(partial(_is_shut_out, box.kiosk_url, "revoked"), "a revoked kiosk goes on serving")
    said = _status(box.kiosk_url)
    _require(said["service"] == "OUT_OF_SERVICE", f"a revoked kiosk is {said['service']}")
    print(f"revoked: out of service after {time.monotonic() - began:.0f} s: {said['shut_out']}")
    tpm.flush()
    findings = _doctor(toml)
    bad = next(line for line in findings.values() if line["state"] == "DOWN")
    _require(bad["name"] == "tls" and "revoked" in bad["detail"], f"the doctor says {bad}")
    print(f"doctor: {bad['detail']} → {bad['remedy']}")


def _visit_amid_which(box: OneBox, happens: Callable[[], None]) -> Visit:
    """Play a visit in which something `happens` while money is held and the officer is awaited."""
    begun = list[bool]()

    def at_step(step: str) -> None:
        if step.startswith("officer ") and not begun:
            begun.append(True)
            happens()

    return Play(box, lambda _: None, at_step=at_step).one_visit(within_s=240)


def _cloned(box: OneBox, clone: Child, copy: Path, operator: Operator) -> None:
    """Let the copy run beside the kiosk until the hub has told both what it thinks of that."""
    clone.start(lambda: answers(_screen(copy)), within_s=WITHIN_S)
    _until(operator.quarantined, "the hub did not notice the copy")
    for url in (box.kiosk_url, _screen(copy).removesuffix("/status")):
        _until(partial(_is_shut_out, url, "Two machines"), f"{url} goes on serving in quarantine", 90)


def _is_shut_out(url: str, words: str) -> bool:
    return words in _status(url)["shut_out"]


def _start_stolen(copy: Path, thief: TpmStandIn) -> None:
    file = KioskFile(copy / "kiosk.toml")
    mine = file.text
    file.write(file.changed({"hub.tpm": thief.device}))
    ran = subprocess.run([TRAM, "kiosk", "--config", file.path], capture_output=True, text=True, timeout=WITHIN_S)
    _require(ran.returncode != 0 and "TPM does not open the kiosk's key" in ran.stderr, f"a stolen disk: {ran.stderr}")
    print(f"stolen disk under another TPM: {ran.stderr.strip().splitlines()[-1]}")
    file.write(mine)


def _copied(box: OneBox) -> Path:
    """Return a copy of the kiosk's disk as it is now: its books, its key, its configuration with another screen."""
    copy = box.folder / "copy"
    shutil.copytree(box.folder / "kiosk", copy / "kiosk")
    file = KioskFile(copy / "kiosk.toml")
    shutil.copy(box.folder / "kiosk.toml", file.path)
    file.write(file.changed({"kiosk.folder": str(copy / "kiosk"), "screen.port": free_port()}))
    return copy


def _child(name: str, folder: Path, box: OneBox) -> Child:
    return Child(
        name, [str(TRAM), "kiosk", "--config", str(folder / "kiosk.toml")], box.folder / "logs" / f"{name}.log"
    )


def _screen(folder: Path) -> str:
    port = KioskFile(folder / "kiosk.toml").text.split("[screen]")[1].split("port = ")[1].split()[0]
    return f"http://127.0.0.1:{port}/status"


def _doctor(toml: Path) -> dict[str, Any]:
    ran = subprocess.run([TRAM, "doctor", "--json", "--config", toml], capture_output=True, text=True, timeout=120)
    found = json.loads(ran.stdout)
    return {line["name"]: line for line in (*found["network"], *found["machine"])}


def _status(url: str) -> dict[str, Any]:
    return dict(httpx.get(f"{url}/status", timeout=15).json())


def _tram(*words: object) -> str:
    ran = subprocess.run([TRAM, *map(str, words)], capture_output=True, text=True, timeout=WITHIN_S)
    _require(ran.returncode == 0, f"tram {words[0]}: {ran.stdout}{ran.stderr}")
    return ran.stdout


def _until(holds: Callable[[], bool], otherwise: str, within_s: float = WITHIN_S) -> None:
    ends = time.monotonic() + within_s
    while not holds():
        _require(time.monotonic() < ends, otherwise)
        time.sleep(0.3)


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise PromiseBroken(otherwise)


if __name__ == "__main__":
    main()
