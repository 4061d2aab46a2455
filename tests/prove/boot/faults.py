"""What may happen to a kiosk that stands alone; each returns what was seen, or raises MachineFailed."""

import json
import re
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from contract.time_report import TimeReport
from tests.chrony_doubles import FORGER, ForgedServer
from tests.prove.boot.first_copy import clock_is_believed, copy, online
from tests.prove.boot.machine import Machine, MachineFailed
from tests.prove.boot.site import KIOSK_PORT, Site

AGENT, SCREEN, CLOSED = "tram-agent.service", "tram-screen.service", "tram-closed.service"
END_S = 5.0
"""So long a unit may take to end (SIGTERM)."""
WATCHDOG_S, DAY_S = 30, 86_400

_MOVED_CLOCK = """\
from datetime import timedelta
from pathlib import Path
from contract.clock import SystemClock
true = SystemClock.now
SystemClock.now = lambda self: true(self) + timedelta(seconds=float(Path("{offset_s}").read_text()))
"""


def only_the_screens_port_is_listened_on(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """No program of the machine listens but the agent, and it on the loopback alone."""
    heard = machine.do("ss --listening --tcp --udp --numeric --no-header --processes")
    ours = [line.split() for line in heard.splitlines() if "users:" in line]  # what stands outside has no name inside
    sockets = sorted({f"{line[0]} {line[4]}" for line in ours})
    if sockets != [f"tcp 127.0.0.1:{KIOSK_PORT}"]:
        raise MachineFailed(f"these sockets listen: {sockets}")
    return ", ".join(sockets)


def hung_agent_is_replaced_by_the_watchdog(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """An agent that is stopped amid its work (SIGSTOP) gives no sign of life."""
    before = machine.shown(AGENT, "MainPID")
    machine.do(f"kill -STOP {before}")
    took_s = machine.until("a fresh agent is online", lambda: _serves(machine, site, not_pid=before), 90)
    if "Watchdog timeout" not in machine.do(f"journalctl --boot --no-pager --output=cat -u {AGENT}"):
        raise MachineFailed("it was not the watchdog that ended it")
    return f"serves again {took_s:.1f} s after it hung"


def hung_page_is_started_anew_by_the_watchdog(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """The browser's renderers are stopped (SIGSTOP): it runs, it answers the network, and draws nothing any more."""
    before = machine.shown(SCREEN, "MainPID")
    _reads(machine, pictures / "boot-before.png", "chứng thực")
    machine.do("pkill -STOP -u tram-screen -f type=renderer")
    took_s = machine.until("a fresh browser", lambda: machine.shown(SCREEN, "MainPID") not in ("0", before), 180)
    if "Watchdog timeout" not in machine.do(f"journalctl --boot --no-pager --output=cat -u {SCREEN}"):
        raise MachineFailed("it was not the watchdog that ended it")
    _reads(machine, pictures / "boot-again.png", "chứng thực")
    return f"a fresh browser {took_s:.1f} s after it hung, its page is read on the panel"


def crash_loop_ends_in_the_closed_screen(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """A kiosk.toml with a wrong key: five starts, then the page that says so; put right, the next try opens it."""
    machine.do("cp -p /etc/tram/kiosk.toml /root/good.toml; sed -i '/^\\[kiosk\\]/a sight = 1' /etc/tram/kiosk.toml")
    machine.do(f"systemctl restart {AGENT} || true")
    took_s = machine.until("the closed screen", lambda: machine.active(CLOSED), 120)
    _reads(machine, pictures / "boot-closed.png", "tạm ngừng phục vụ")
    if machine.active(SCREEN) or not machine.active("tram-retry.timer"):
        raise MachineFailed("the old screen is still there, or nothing tries again later")
    machine.do("mv /root/good.toml /etc/tram/kiosk.toml; systemctl start tram-restart.service")  # what the timer starts
    back_s = machine.until("the kiosk is open", lambda: _serves(machine, site) and machine.active(SCREEN), 90)
    if machine.active(CLOSED):
        raise MachineFailed("the closed screen is still there")
    return f"closed {took_s:.1f} s after the first crash, tries again in 15 min, open {back_s:.1f} s after that"


def lost_power_comes_back_by_itself(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """The plug is pulled; nobody touches anything after it is in again."""
    machine.pull_the_plug()
    began_s = time.monotonic()
    machine.boot()
    machine.until("the kiosk is online", lambda: online(site), 90)
    ready_s = time.monotonic() - began_s
    machine.until("its clock is believed", lambda: clock_is_believed(site), 60)
    believed_s = time.monotonic() - began_s
    machine.until("the panel shows the agent's page", lambda: _differs(machine, pictures, "boot-closed.png"), 60)
    copy(site)
    return f"online {ready_s:.1f} s after the switch, its clock believed after {believed_s:.1f} s, then a copy"


def full_disk_stops_no_money_and_heals(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """The data disk fills up; once there is room again the kiosk serves, by itself or by the next try."""
    machine.do(
        f"systemctl stop {AGENT} {SCREEN} && mkdir /tmp/data && cp -a /var/lib/tram/. /tmp/data/ && "
        "mount -t tmpfs -o size=48m,mode=0700,uid=$(id -u tram),gid=$(id -g tram) tmpfs /var/lib/tram && "
        "cp -a /tmp/data/. /var/lib/tram/ && systemctl reset-failed 'tram-*' && systemctl start tram.target"
    )
    machine.until("the kiosk is online", lambda: online(site), 60)
    machine.do("dd if=/dev/zero of=/var/lib/tram/fill bs=64k 2>/dev/null || true; sync")
    refused = _try_visit(site)
    said = machine.do("journalctl --boot --no-pager --output=cat -u tram-agent -n 200")
    machine.do("rm /var/lib/tram/fill")
    if machine.active(CLOSED):
        machine.do("systemctl start tram-restart.service")
    back_s = machine.until("it serves again", lambda: _serves(machine, site), 120)
    copy(site)
    machine.do(
        f"systemctl stop {AGENT} {SCREEN}; cp -a /var/lib/tram/. /tmp/data/; umount /var/lib/tram; "
        "cp -a /tmp/data/. /var/lib/tram/; rm -r /tmp/data; "
        "systemctl reset-failed 'tram-*'; systemctl start tram.target"
    )
    machine.until("the kiosk is online", lambda: online(site), 60)
    full = "and said that the disk is full" if "full" in said else "WITHOUT a word of the disk in its log"
    return f"{refused} {full}; serves {back_s:.1f} s after there was room, then a copy"


def clock_that_jumps_breaks_nothing(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """The civil clock jumps a day ahead, then back behind today, while the kiosk runs.

    The kernel's clock is this machine's too, so it is the agent's own clock (contract.clock) that is moved.
    """
    offset_s, drop_in = site.shared / "clock" / "offset_s", machine.root / "etc/systemd/system/tram-agent.service.d"
    offset_s.parent.mkdir()
    offset_s.write_text("0")
    (offset_s.parent / "sitecustomize.py").write_text(_MOVED_CLOCK.format(offset_s=offset_s))
    drop_in.mkdir(parents=True, exist_ok=True)
    (drop_in / "clock.conf").write_text(f"[Service]\nEnvironment=PYTHONPATH={offset_s.parent}\n")
    machine.do(f"systemctl daemon-reload && systemctl restart {AGENT}")
    machine.until("the kiosk is online", lambda: online(site), 60)
    pid, seen = machine.shown(AGENT, "MainPID"), []
    for jump_s in (DAY_S, -DAY_S):
        offset_s.write_text(str(jump_s))
        time.sleep(WATCHDOG_S + 5)
        seen.append(_status(site)["now"][:10])
        if machine.shown(AGENT, "MainPID") != pid:
            raise MachineFailed(f"the agent did not live through {jump_s:+d} s")
    offset_s.write_text("0")
    copy(site)
    (drop_in / "clock.conf").unlink()
    machine.do(f"systemctl daemon-reload && systemctl restart {AGENT}")
    machine.until("the kiosk is online", lambda: online(site), 60)
    if len(set(seen)) != 2:
        raise MachineFailed(f"the clock was not moved: {seen}")
    return f"the same process on {seen[0]}, {seen[1]} and today, then a copy"


def forged_time_is_not_believed(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """The true time server falls silent, and somebody on the way answers plain NTP, an hour ahead."""
    forger = ForgedServer()
    machine.do(
        f"echo 'server {FORGER} port {forger.port} iburst minpoll 0 maxpoll 1' > /run/chrony/forged.conf && "
        "systemctl restart chrony"
    )
    machine.until("the forger is heard beside the true server", lambda: _hears(machine, FORGER), 60)
    machine.until("the true server is believed all the same", lambda: clock_is_believed(site), 60)
    site.time.stop()
    machine.do("rm -f /var/lib/chrony/*.nts; systemctl restart chrony")
    machine.until("the forger alone is named", lambda: f"{FORGER} answers" in _device(site, "clock")["detail"], 60)
    told = json.loads(machine.do("tram doctor --json || true", within_s=180))
    layer = next(line for line in told["network"] if line["name"] == "time")
    ending = _turned_away(machine, site)
    site.time.start()
    machine.do("rm /run/chrony/forged.conf; systemctl restart chrony")
    try:
        back_s = machine.until("the true server is believed again", lambda: clock_is_believed(site), 60)
    except MachineFailed as failed:
        report = machine.says("cat /run/tram-clock/report")
        raise MachineFailed(f"{_device(site, 'clock')}\n{report}\n{failed}") from failed
    copy(site)
    forger.stop()
    if FORGER not in layer["detail"] or ending["code"] != "CLOCK_DOUBTFUL":
        raise MachineFailed(f"doctor: {layer}; the visit: {ending}")
    return f"doctor: {layer['detail']}; citizen: {ending['vi']}; believed {back_s:.1f} s after its return, then a copy"


def unplugged_devices_are_named_and_come_back(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """The control board's cable is pulled and put back."""
    pid = machine.shown(AGENT, "MainPID")
    site.box.cash.unplug_board()
    machine.until("the board's loss is said", lambda: _device(site, "cash")["state"] == "DOWN", 30)
    said = _device(site, "cash")
    site.box.cash.plug_board()
    site.plug()
    back_s = machine.until("the board is back", lambda: _device(site, "cash")["state"] != "DOWN", 60)
    if machine.shown(AGENT, "MainPID") != pid:
        raise MachineFailed("the agent was restarted by it")
    back = _device(site, "cash")["state"]
    copy(site)
    return f'"{said["detail"]}" → "{said["remedy"]}"; {back} {back_s:.1f} s after it was in again, then a copy'


def newer_package_is_taken_and_the_old_slot_kept(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """A newer .deb is installed while the kiosk runs: other slot, started by itself, the clock believed throughout."""
    before = (machine.do("readlink /opt/tram/current"), machine.shown(AGENT, "MainPID"))
    chrony = machine.shown("chrony.service", "MainPID")
    began_s = time.monotonic()
    installing = subprocess.Popen(machine.argv(f"dpkg --install /build/{newer.name}"), stdout=subprocess.DEVNULL)
    away_s, last_s = 0.0, time.monotonic()
    while installing.poll() is None or not _serves(machine, site, not_pid=before[1]):
        now_s = time.monotonic()
        if not _answers(site):
            away_s += now_s - last_s
        last_s = now_s
        if now_s - began_s > 300:
            raise MachineFailed("not served by the newer version within 300 s")
        time.sleep(0.1)
    took_s = time.monotonic() - began_s
    after = machine.do("readlink /opt/tram/current")
    version = machine.do("cat /opt/tram/current/VERSION")
    old = machine.do(f"cat /opt/tram/{before[0]}/VERSION")
    if after == before[0] or version == old or version not in newer.name:
        raise MachineFailed(f"current is {after} with {version}, it was {before[0]} with {old}")
    if machine.shown("chrony.service", "MainPID") != chrony:
        raise MachineFailed("chrony was started anew, though its configuration is the same")
    copy(site)
    gone = f"not answering for {away_s:.1f} s of it"
    return f"{old} ({before[0]}) → {version} ({after}) in {took_s:.1f} s, {gone}, then a copy"


def told_to_end_it_ends(machine: Machine, site: Site, newer: Path, pictures: Path) -> str:
    """SIGTERM ends every unit in time: at rest, and amid a visit, which goes on after the start."""
    machine.until("its clock is believed", lambda: clock_is_believed(site), 60)
    visit = httpx.post(f"{site.box.kiosk_url}/visits", json={"copies": 1, "requester_name": "Trần Văn Mẫu"}).json()[
        "visit"
    ]
    machine.until("the paper is being read", lambda: bool(_status(site)["open_visits"]), 20)
    took_s = {}
    for unit in (AGENT, SCREEN, "tram-display.service"):
        began_s = time.monotonic()
        machine.do(f"systemctl stop {unit}")
        took_s[unit] = time.monotonic() - began_s
        if machine.shown(unit, "Result") != "success" or took_s[unit] > END_S:
            raise MachineFailed(f"{unit} ended after {took_s[unit]:.1f} s with {machine.shown(unit, 'Result')}")
    machine.do("systemctl start tram.target")
    machine.until("the kiosk is online", lambda: online(site), 60)
    if visit not in _status(site)["open_visits"]:
        raise MachineFailed("the visit that was open is gone")
    httpx.post(f"{site.box.kiosk_url}/visits/{visit}/cancel", timeout=15).raise_for_status()
    machine.until("the visit has ended", lambda: visit not in _status(site)["open_visits"], 60)
    return (
        ", ".join(f"{unit.removesuffix('.service')} {each:.1f} s" for unit, each in took_s.items())
        + "; the visit goes on"
    )


def _serves(machine: Machine, site: Site, not_pid: str = "") -> bool:
    return machine.active(AGENT) and machine.shown(AGENT, "MainPID") != not_pid and online(site)


def _answers(site: Site) -> bool:
    try:
        return httpx.get(f"{site.box.kiosk_url}/status", timeout=1.0).is_success
    except httpx.HTTPError:
        return False


def _status(site: Site) -> Mapping[str, Any]:
    answer: Mapping[str, Any] = httpx.get(f"{site.box.kiosk_url}/status", timeout=10).json()
    return answer


def _device(site: Site, name: str) -> Mapping[str, str]:
    return next(each for each in _status(site)["devices"] if each["name"] == name)


def _try_visit(site: Site) -> str:
    """Return what a citizen who comes now is told."""
    try:
        answer = httpx.post(
            f"{site.box.kiosk_url}/visits", json={"copies": 1, "requester_name": "Trần Văn Mẫu"}, timeout=15
        )
    except httpx.HTTPError as fault:
        return f"a visit was not begun ({type(fault).__name__})"
    if answer.is_success:
        raise MachineFailed("a visit was begun on a full disk")
    return f"a visit was refused ({answer.status_code})"


def _hears(machine: Machine, server: str) -> bool:
    """Return whether the kiosk's chrony hears this time server, by its own report."""
    report = TimeReport.parse(machine.do("cat /run/tram-clock/report"))
    return any(each.name == server and each.answers for each in report.sources)


def _turned_away(machine: Machine, site: Site) -> Mapping[str, str]:
    """Return the ending of a visit that is begun now and ends by itself."""
    order = {"copies": 1, "requester_name": "Trần Văn Mẫu"}
    visit = httpx.post(f"{site.box.kiosk_url}/visits", json=order, timeout=15).raise_for_status().json()["visit"]

    def ending() -> Mapping[str, str] | None:
        shown = httpx.get(f"{site.box.kiosk_url}/visits/{visit}", timeout=15).json()
        ended: Mapping[str, str] | None = shown["ending"]
        return ended

    machine.until("the visit has ended", lambda: ending() is not None, 30)
    return ending() or {}


def _reads(machine: Machine, picture: Path, words: str) -> None:
    """Raise MachineFailed unless Tesseract reads these words on the panel within some seconds."""

    def there() -> bool:
        machine.picture(picture)
        read = subprocess.run(
            ["tesseract", picture, "-", "-l", "vie"], capture_output=True, text=True, check=True
        ).stdout
        return words in re.sub(r"\s+", " ", read).lower()

    machine.until(f"the panel says {words!r}", there, 60)


def _differs(machine: Machine, pictures: Path, other: str) -> bool:
    shown = machine.picture(pictures / "boot-again.png").read_bytes()
    return len(shown) > 30_000 and shown != (pictures / other).read_bytes()


ALL: tuple[Callable[[Machine, Site, Path, Path], str], ...] = (
    only_the_screens_port_is_listened_on,
    hung_agent_is_replaced_by_the_watchdog,
    hung_page_is_started_anew_by_the_watchdog,
    crash_loop_ends_in_the_closed_screen,
    lost_power_comes_back_by_itself,
    unplugged_devices_are_named_and_come_back,
    clock_that_jumps_breaks_nothing,
    forged_time_is_not_believed,
    full_disk_stops_no_money_and_heals,
    newer_package_is_taken_and_the_old_slot_kept,
    told_to_end_it_ends,
)
