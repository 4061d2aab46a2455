"""What may happen to a hub in its years; each returns what was seen, or raises MachineFailed."""

import time
from collections.abc import Callable

import httpx

from tests.prove.boot.machine import MachineFailed
from tests.prove.boot.promises import say
from tests.prove.hub_boot.office import BROKER, DATABASE, HUB, Office

END_S, WATCHDOG_S, DAY_S = 5.0, 60, 86_400

_MOVED_CLOCK = """\
from datetime import timedelta
from pathlib import Path
from contract.clock import SystemClock
true = SystemClock.now
SystemClock.now = lambda self: true(self) + timedelta(seconds=float(Path("{offset_s}").read_text()))
"""


def only_what_is_meant_to_listens(office: Office) -> str:
    """Broker and enrolment are open to kiosks; console and database to this machine alone."""
    heard = office.do("ss --listening --tcp --udp --numeric --no-header --processes")
    ours = [line.split() for line in heard.splitlines() if "users:" in line]
    sockets = sorted({f"{line[0]} {line[4]}" for line in ours})
    meant = {"tcp 0.0.0.0:8443", "tcp 0.0.0.0:8883", "tcp 127.0.0.1:5432", "tcp 127.0.0.1:8080", "tcp [::]:8883",
             "tcp [::1]:5432"}  # fmt: skip
    if not {"tcp 0.0.0.0:8443", "tcp 0.0.0.0:8883", "tcp 127.0.0.1:8080"} <= set(sockets) <= meant:
        raise MachineFailed(f"these sockets listen: {sockets}")
    exposure = office.do(f"systemd-analyze security --no-pager {HUB} | tail -1").split(":")[1].strip()
    return f"{', '.join(sockets)}; systemd-analyze security says {exposure}"


def strangers_file_is_judged_under_the_hardening(office: Office) -> str:
    """The public page checks an uploaded file in its own confined process, which seccomp must not break."""
    copy = (office.kept / "copy.pdf").read_bytes()
    headers = {"Accept": "application/json"}
    answer = httpx.post(f"{office.box.hub_url}/verify", files={"file": ("copy.pdf", copy)}, headers=headers, timeout=60)
    spoilt = copy.replace(b"/Type", b"/Tepy", 1)
    other = httpx.post(
        f"{office.box.hub_url}/verify", files={"file": ("copy.pdf", spoilt)}, headers=headers, timeout=60
    )
    if not answer.is_success or "TOO_COSTLY" in answer.text or answer.text == other.text:
        raise MachineFailed(f"{answer.status_code}: {answer.text[:300]} / {other.text[:300]}")
    return "the copy is known, a spoilt one is not"


def hub_killed_amid_a_copy_loses_nothing(office: Office) -> str:
    """kill -9 while the paper lies before the officer: the same copy comes out, and the numbers have no gap."""
    killed: list[str] = []

    def kill(step: str) -> None:
        if step.startswith(("ask ", "officer ")) and not killed:
            killed.append(office.pid())
            office.do(f"kill -KILL {killed[0]}")

    took_s = office.copy(kill)
    if not killed or office.pid() == killed[0]:
        raise MachineFailed("the hub was not killed")
    _without_a_gap(office)
    return f"a copy {took_s:.1f} s after it was ordered, by another process; numbers {office.numbers()}"


def database_away_for_a_minute_comes_back_by_itself(office: Office) -> str:
    """PostgreSQL is stopped: systemd never gives the hub up, and nobody has to start it."""
    before = office.pid()
    office.do(f"systemctl stop {DATABASE}")
    gone_s = office.machine.until("the hub ends", lambda: office.pid() != before, 90)
    say("    the hub ended; the database stays away for a minute")
    time.sleep(60)
    state = office.do(f"systemctl is-active {HUB} || true")
    said = office.do(f"journalctl --boot --no-pager --output=cat -u {HUB} -n 60")
    if state == "failed" or "database" not in said:
        raise MachineFailed(f"the hub is {state} and says: {said[-800:]}")
    office.do(f"systemctl start {DATABASE}")
    back_s = office.until_serves(not_pid=before)
    office.until_online()
    sentence = next(line for line in reversed(said.splitlines()) if line.startswith("The hub"))
    return (
        f'ended {gone_s:.1f} s after it, "{sentence[:110]}…"; served {back_s:.1f} s after the database was back; '
        f"a copy in {office.copy():.1f} s"
    )


def broker_away_is_waited_for(office: Office) -> str:
    """Mosquitto is stopped for half a minute amid a copy: the hub stays, the kiosk comes back, the copy comes out."""
    before, stopped = office.pid(), list[float]()

    def stop(step: str) -> None:
        if step.startswith(("ask ", "officer ")) and not stopped:
            office.do(f"systemctl stop {BROKER}")
            stopped.append(time.monotonic())

    def start_again() -> None:
        if len(stopped) == 1 and time.monotonic() - stopped[0] > 30:
            stopped.append(time.monotonic())
            office.do(f"systemctl start {BROKER}")

    took_s = office.copy(stop, start_again)
    if len(stopped) != 2 or office.pid() != before:
        raise MachineFailed("the hub ended, or the broker was not stopped")
    return f"the same process; the copy {took_s:.1f} s after it was ordered"


def full_disk_is_said_and_heals(office: Office) -> str:
    """The data folder fills up amid a copy; once there is room the same copy comes out."""
    office.do(
        f"systemctl stop {HUB} && mkdir /tmp/data && cp -a /var/lib/tram-hub/. /tmp/data/ && mount -t tmpfs -o "
        "size=48m,mode=0700,uid=$(id -u tram-hub),gid=$(id -g tram-hub) tmpfs /var/lib/tram-hub && "
        f"cp -a /tmp/data/. /var/lib/tram-hub/ && rm -r /tmp/data && systemctl start {HUB}"
    )
    office.until_serves()
    office.until_online()
    full: list[float] = []

    def fill() -> None:
        if not full:
            office.do("dd if=/dev/zero of=/var/lib/tram-hub/fill bs=64k 2>/dev/null || true; sync")
            full.append(time.monotonic())
        elif len(full) == 1 and time.monotonic() - full[0] > 45:
            full.append(time.monotonic())
            office.do("rm /var/lib/tram-hub/fill")

    took_s = office.copy(meanwhile=fill)
    healed_s = time.monotonic() - full[-1]
    said = office.do(f"journalctl --boot --no-pager --output=cat -u {HUB} -n 300")
    office.do(
        f"systemctl stop {HUB}; mkdir /tmp/data; cp -a /var/lib/tram-hub/. /tmp/data/; umount /var/lib/tram-hub; "
        f"cp -a /tmp/data/. /var/lib/tram-hub/; rm -r /tmp/data; systemctl start {HUB}"
    )
    office.until_serves()
    if "No space left" not in said:
        raise MachineFailed(f"the hub did not say that its disk is full: {said[-800:]}")
    _without_a_gap(office)
    return f"said in the log; the copy came {healed_s:.1f} s after there was room, {took_s:.1f} s after it was ordered"


def clock_that_jumps_signs_nothing_wrong(office: Office) -> str:
    """The hub's clock jumps a day ahead, then a day behind what is recorded (R23), then is right.

    The kernel's clock is this machine's too, so it is the hub's own clock (contract.clock) that is moved.
    """
    folder = office.kept.parent / "clock"
    offset_s, drop_in = folder / "offset_s", office.machine.root / f"etc/systemd/system/{HUB}.d"
    folder.mkdir(exist_ok=True)
    offset_s.write_text("0")
    (folder / "sitecustomize.py").write_text(_MOVED_CLOCK.format(offset_s=offset_s))
    drop_in.mkdir(parents=True, exist_ok=True)
    (drop_in / "clock.conf").write_text(f"[Service]\nEnvironment=PYTHONPATH={folder}\n")
    office.do(f"chmod -R a+rX {office.kept.parent} && systemctl daemon-reload && systemctl restart {HUB}")
    office.until_online()
    pid = office.pid()
    say("    the hub's clock is put a day ahead")
    offset_s.write_text(str(DAY_S))
    time.sleep(WATCHDOG_S / 2)
    ahead = httpx.get(f"{office.box.hub_url}/health", timeout=10).json()["now"][:10]
    say("    the hub's clock is put a day behind, and a copy is ordered")
    offset_s.write_text(str(-DAY_S))
    behind: list[float] = []

    def put_right() -> None:
        if not behind:
            behind.append(time.monotonic())
        elif len(behind) == 1 and time.monotonic() - behind[0] > 40:
            behind.append(time.monotonic())
            say("    the hub's clock is put right")
            offset_s.write_text("0")

    before = len(office.numbers())
    took_s = office.copy(meanwhile=put_right, within_s=300)
    stamps = office.do(
        'runuser -u postgres -- psql -At tram-hub -c "SELECT issued_at FROM issue ORDER BY register_row"'
    ).split("\n")
    lived = office.pid() == pid
    (drop_in / "clock.conf").unlink()
    drop_in.rmdir()
    office.do(f"systemctl daemon-reload && systemctl restart {HUB}")
    office.until_online()
    if not lived or stamps != sorted(stamps) or len(office.numbers()) != before + 1:
        raise MachineFailed(f"the same process: {lived}; issued at {stamps}")
    return f"the same process on {ahead} and a day behind; the copy {took_s:.1f} s after it was ordered, times in order"


def clock_that_nobody_vouches_for_certifies_nothing(office: Office) -> str:
    """The time service ends: no copy is certified, the console says why; it is back, and the copy comes out."""
    office.do("systemctl stop chrony tram-clock")
    gone_s = office.machine.until("the clock is doubted", lambda: not office.clock_is_believed(), 90)
    page = office.operator().page("/console/fleet")
    if "chưa đáng tin" not in page or "systemctl restart chrony" not in page:
        raise MachineFailed(f"the console does not say what is wrong: {page[:2000]}")
    before, began_s = office.numbers(), list[float]()

    def bring_back() -> None:
        if not began_s:
            began_s.append(time.monotonic())
        elif len(began_s) == 1 and time.monotonic() - began_s[0] > 60:
            if office.numbers() != before:
                raise MachineFailed("a number was given though nobody vouches for the clock")
            began_s.append(time.monotonic())
            say("    the time service is started again")
            office.do("systemctl start chrony")

    took_s = office.copy(meanwhile=bring_back)
    return f"doubted {gone_s:.1f} s after the end, said so; the copy {took_s - 60:.1f} s after the service was back"


def hung_hub_is_replaced_by_the_watchdog(office: Office) -> str:
    """A hub that is stopped amid its work (SIGSTOP) gives no sign of life."""
    before = office.pid()
    office.do(f"kill -STOP {before}")
    took_s = office.until_serves(WATCHDOG_S + 60, not_pid=before)
    if "Watchdog timeout" not in office.do(f"journalctl --boot --no-pager --output=cat -u {HUB}"):
        raise MachineFailed("it was not the watchdog that ended it")
    office.until_online()
    return f"serves again {took_s:.1f} s after it hung; a copy in {office.copy():.1f} s"


def hung_database_gives_no_sign_of_life(office: Office) -> str:
    """PostgreSQL stands still (SIGSTOP): a hub that can't work does not say that it lives."""
    before = office.pid()
    office.do("pkill -STOP -u postgres")
    hung_s = office.machine.until("the watchdog ends the hub", lambda: office.pid() != before, WATCHDOG_S + 60)
    office.do("pkill -CONT -u postgres")
    back_s = office.until_serves(120, not_pid=before)
    office.until_online()
    return f"replaced after {hung_s:.1f} s, serves {back_s:.1f} s after the database moved again"


def told_to_end_it_ends_amid_a_copy(office: Office) -> str:
    """SIGTERM while an officer has a paper before him: the hub ends in time, and the copy comes out after the start."""
    took_s: list[float] = []

    def stop(step: str) -> None:
        if step.startswith(("ask ", "officer ")) and not took_s:
            began_s = time.monotonic()
            office.do(f"systemctl stop {HUB}")
            took_s.append(time.monotonic() - began_s)
            if office.machine.shown(HUB, "Result") != "success" or took_s[0] > END_S:
                raise MachineFailed(f"it ended after {took_s[0]:.1f} s with {office.machine.shown(HUB, 'Result')}")
            office.do(f"systemctl start {HUB}")

    office.copy(stop)
    return f"ended {took_s[0]:.1f} s after SIGTERM, then the copy"


def lost_power_comes_back_by_itself(office: Office) -> str:
    """The plug is pulled; database and broker come first, then the hub; nobody touches anything."""
    office.machine.pull_the_plug()
    began_s = time.monotonic()
    office.machine.boot()
    office.until_serves()
    serves_s = time.monotonic() - began_s
    office.until_online()
    online_s = time.monotonic() - began_s
    began = {
        unit: int(office.machine.shown(unit, "ActiveEnterTimestampMonotonic"))
        for unit in ("postgresql@15-main.service", BROKER, HUB)
    }
    if began[HUB] != max(began.values()):
        raise MachineFailed(f"they came in another order: {began}")
    restarts = office.machine.shown(HUB, "NRestarts")
    seen = f"serves {serves_s:.1f} s after the switch ({restarts} restarts), kiosk online at {online_s:.1f} s"
    return f"{seen}; a copy in {office.copy():.1f} s"


def newer_package_goes_on_with_the_same_books(office: Office) -> str:
    """A newer .deb is installed while the hub runs; it goes into the other slot and is started by itself."""
    before, numbers = office.do("readlink /opt/tram-hub/current"), office.numbers()
    pid, began_s = office.pid(), time.monotonic()
    office.do(f"dpkg --install /build/{office.newer.name}", within_s=300)
    office.until_serves(not_pid=pid)
    took_s = time.monotonic() - began_s
    after = office.do("readlink /opt/tram-hub/current; cat /opt/tram-hub/current/VERSION").split()
    if after[0] == before or after[1] not in office.newer.name or office.numbers() != numbers:
        raise MachineFailed(f"current is {after}, it was {before}")
    office.until_online()
    return f"{before} → {after[0]} ({after[1]}) in {took_s:.1f} s; a copy in {office.copy():.1f} s"


def _without_a_gap(office: Office) -> None:
    numbers = office.numbers()
    if numbers != list(range(1, len(numbers) + 1)):
        raise MachineFailed(f"the register has the numbers {numbers}")


ALL: tuple[Callable[[Office], str], ...] = (
    only_what_is_meant_to_listens,
    strangers_file_is_judged_under_the_hardening,
    hub_killed_amid_a_copy_loses_nothing,
    database_away_for_a_minute_comes_back_by_itself,
    broker_away_is_waited_for,
    full_disk_is_said_and_heals,
    clock_that_jumps_signs_nothing_wrong,
    clock_that_nobody_vouches_for_certifies_nothing,
    hung_hub_is_replaced_by_the_watchdog,
    hung_database_gives_no_sign_of_life,
    told_to_end_it_ends_amid_a_copy,
    lost_power_comes_back_by_itself,
    newer_package_goes_on_with_the_same_books,
)
