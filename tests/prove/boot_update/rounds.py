"""What happens to a kiosk's program in its years; each returns what was seen, or raises MachineFailed."""

import os
import shutil
import time
from collections.abc import Callable
from datetime import timedelta

from agent.update.progress import ENDS, Phase
from contract.clock import SimulatedClock, SystemClock
from provisioning.onebox.play import Play
from tests.prove.boot import first_copy, rootfs
from tests.prove.boot.faults import AGENT, CLOSED
from tests.prove.boot.machine import MachineFailed
from tests.prove.boot_update.kiosk import STEADY_S, TRIAL_MINUTES, Job, Kiosk
from tests.prove.boot_update.releases import CRASHES, HANGS, RED, Releases

_KB, _MB = 1e3, 1e6
OLDEST = "0.0.9"
"""Published before all others."""


def update_waits_for_a_visit(kiosk: Kiosk, releases: Releases) -> str:
    """The fleet wants a release with a new module and a new model while a visit is open; it switches after its end."""
    whole, began_s, jobs = releases.publish("0.1.1", model=True), time.monotonic(), list[Job]()
    before = kiosk.slots.current

    def amid(step: str) -> None:
        if step.startswith("officer ") and not jobs:
            jobs.append(kiosk.ask("0.1.1"))
            jobs[0].reach(Phase.STAGED)
            until_s = time.monotonic() + 8
            while time.monotonic() < until_s:
                if kiosk.stands.phase is not Phase.STAGED or kiosk.slots.current != before:
                    raise MachineFailed(f"it did not wait for the visit: {kiosk.stands}")
                time.sleep(0.1)

    visit = Play(kiosk.site.box, lambda _: None, at_step=amid, heedful=False).one_visit(within_s=420)
    if not visit.certified or not jobs:
        raise MachineFailed(f"the visit came to no copy: {visit.ending}")
    closed_s = time.monotonic()
    kiosk.until("the program is away", lambda: not kiosk.running)
    away_s = kiosk.until("the new one answers", lambda: kiosk.running == "0.1.1")
    jobs[0].end("DONE")
    kiosk.until("people are served again", lambda: kiosk.serves)
    lost_s = time.monotonic() - closed_s
    kiosk.is_whole("0.1.1")
    fetched = _fetched(kiosk, "0.1.1")
    first_copy.copy(kiosk.site)
    return (
        f"{fetched / _MB:.2f} MB fetched of {whole / _MB:.0f} MB; it waited for the visit; from its end on nobody was "
        f"served for {lost_s:.0f} s: {away_s:.1f} s the program was away, {STEADY_S} s it had to be well (else 60); "
        f"{time.monotonic() - began_s:.0f} s in all; then a copy"
    )


def power_fails_five_times(kiosk: Kiosk, releases: Releases) -> str:
    """The plug is pulled while it downloads, builds, waits to switch, starts the new version, and watches it."""
    releases.publish("0.1.2")
    job, seen = kiosk.ask("0.1.2"), []
    for stage, phases, answers in (
        ("downloading", [Phase.DOWNLOADING], False),
        ("building", [Phase.BUILDING], False),
        ("staged", [Phase.STAGED, Phase.SWITCHING], False),
        ("switched", [Phase.TRYING], False),
        ("new one answers", [Phase.TRYING], True),
    ):
        job.reach(*phases)
        if answers:
            kiosk.until(stage, lambda: kiosk.running == "0.1.2")
        phase = kiosk.stands.phase
        if phase in ENDS:
            raise MachineFailed(f"it was too late to cut at {stage!r}: {phase}")
        seen.append(f"{stage} ({phase}): {_cut(kiosk)}")
    job.end("DONE")
    kiosk.is_whole("0.1.2")
    first_copy.copy(kiosk.site)
    return "; ".join(seen) + "; then kept, and a copy"


def crashing_release_is_given_back(kiosk: Kiosk, releases: Releases) -> str:
    """It passes its self-check and dies at each start; the power fails amid its trial, too."""
    releases.publish("0.1.3", CRASHES)
    return _given_back(kiosk, kiosk.ask("0.1.3"), is_cut=True)


def hanging_release_is_given_back(kiosk: Kiosk, releases: Releases) -> str:
    """It never answers."""
    releases.publish("0.1.4", HANGS)
    return _given_back(kiosk, kiosk.ask("0.1.4"))


def release_that_loses_a_device_is_given_back(kiosk: Kiosk, releases: Releases) -> str:
    """It runs and is online, but the doctor is red: its printer driver fails."""
    releases.publish("0.1.5", RED)
    return _given_back(kiosk, kiosk.ask("0.1.5"))


def full_disk_changes_nothing(kiosk: Kiosk, releases: Releases) -> str:
    """The disk is full before the download, then fills up amid the building; the fleet hears why."""
    releases.publish("0.1.6")
    before, said = kiosk.kept, []
    with _Filler(kiosk, leave=32 << 20):
        said.append(kiosk.ask("0.1.6").end("FAILED"))
    job = kiosk.ask("0.1.6")
    job.reach(Phase.BUILDING)
    with _Filler(kiosk, leave=0):
        job.reach(*ENDS, every_s=0.1)
    if kiosk.machine.active(CLOSED):
        kiosk.machine.do("systemctl start tram-restart.service")  # what the timer of the closed screen starts
    said.append(job.end("FAILED"))
    if "MiB more are needed" not in said[0] or "space" not in said[1]:
        raise MachineFailed(f"it was not the disk that was named: {said}")
    kiosk.is_whole(before)
    first_copy.copy(kiosk.site)
    return f'"{said[0]}"; amid the building "{said[1]}"; then a copy'


def lies_are_told_in_plain_words(kiosk: Kiosk, releases: Releases) -> str:
    """An older state of the repository is shown, then one that nobody renews; doctor and status say it; it heals."""
    store, timestamp = releases.publisher.store, releases.repository / "metadata" / "timestamp.json"
    older = timestamp.read_bytes()
    store.renew()
    _expect("seen in order", _looked(kiosk))
    newest = timestamp.read_bytes()
    timestamp.write_bytes(older)
    rolled_back = _expect("older metadata than this kiosk has seen", _looked(kiosk))
    timestamp.write_bytes(newest)
    releases.publisher.clock = SimulatedClock(SystemClock().now() - timedelta(days=8))
    releases.publisher.store.renew()  # good for a week, which ended yesterday
    frozen = _expect("have expired", _looked(kiosk))
    _expect("have expired", kiosk.says("doctor --json"))
    releases.publisher.clock = SystemClock()
    releases.publisher.store.renew()
    if "expired" in (healed := _expect("seen in order", _looked(kiosk))):
        raise MachineFailed(f"a renewed repository is not believed: {healed}")
    refused = _expect("is older than", kiosk.ask(OLDEST).end("FAILED"))
    first_copy.copy(kiosk.site)
    return (
        f"rolled back: {rolled_back} | frozen: {frozen} | renewed: in order | release {OLDEST}: {refused}; then a copy"
    )


def stick_brings_a_release_without_a_network(kiosk: Kiosk, releases: Releases) -> str:
    """Broker, hub and time server are away; a technician brings the repository on a stick."""
    releases.publish("0.1.7")
    stick = kiosk.site.shared / "stick"
    shutil.copytree(releases.repository, stick / "tram-releases")
    box, machine = kiosk.site.box, kiosk.machine
    box.kill_part("hub")
    box.kill_part("broker")
    machine.until("the kiosk is offline", lambda: not first_copy.online(kiosk.site), 60)
    wrong = machine.says(f"tram update --from {stick} --config /etc/tram/kiosk.toml 2>&1")
    if "Did you mean" not in wrong:
        raise MachineFailed(f"a wrong folder: {wrong}")
    kiosk.site.time.stop()
    machine.do("rm -f /var/lib/chrony/*.nts; systemctl restart chrony")
    machine.until("no time server is heard", lambda: not first_copy.clock_is_believed(kiosk.site), 120)
    command = f"tram update --from {stick}/tram-releases --config /etc/tram/kiosk.toml"
    unsure = machine.says(f"{command} 2>&1")
    if "--clock-is-right" not in unsure:
        raise MachineFailed(f"without a time server: {unsure}")
    began_s = time.monotonic()
    said = machine.do(f"{command} --clock-is-right 2>&1", within_s=600)
    took_s = time.monotonic() - began_s
    kiosk.is_whole("0.1.7")
    owners = machine.do("find /opt/tram /var/lib/tram-update ! -user tram-update | head -3")
    if owners or max(map(len, said.splitlines())) > 80:
        raise MachineFailed(f"not the updater's: {owners}; or too wide for a console:\n{said}")
    box.start_part("broker")
    box.start_part("hub")
    kiosk.site.time.start()
    machine.do("systemctl restart chrony")
    machine.until("the clock is believed", lambda: first_copy.clock_is_believed(kiosk.site), 120)
    machine.until("the kiosk is online", lambda: first_copy.online(kiosk.site), 120)
    first_copy.copy(kiosk.site)
    lines = "\n    ".join(said.splitlines())
    return f"offline, {took_s:.0f} s, then online and a copy:\n    {lines}"


def stick_heals_a_kiosk_whose_program_crashes(kiosk: Kiosk, releases: Releases) -> str:
    """The program that is kept dies at each start, so nobody could grant leave; a technician brings a newer one."""
    releases.publish("0.1.7.1")
    stick, machine = kiosk.site.shared / "newer-stick", kiosk.machine
    shutil.copytree(releases.repository, stick)
    program = next(kiosk.slots.folder(kiosk.slots.kept).glob("lib/python*/site-packages/agent/kiosk.py"))
    with program.open("a", encoding="utf-8") as file:
        file.write(CRASHES["agent/kiosk.py"])
    machine.do(f"systemctl restart {AGENT} || true")
    machine.until("the closed screen", lambda: machine.active(CLOSED), 120)
    began_s = time.monotonic()
    said = machine.do(f"tram update --from {stick} --config /etc/tram/kiosk.toml 2>&1", within_s=600)
    took_s = time.monotonic() - began_s
    kiosk.is_whole("0.1.7.1")
    machine.until("the kiosk is online", lambda: first_copy.online(kiosk.site), 120)
    kiosk.until("nobody is kept away", lambda: kiosk.is_free, 30)  # the agent looks each 2 s whether the trial is over
    first_copy.copy(kiosk.site)
    return f"closed; the newer one runs {took_s:.0f} s after the command, then a copy: {said.splitlines()[-1].strip()}"


def higher_version_wins_at_the_package(kiosk: Kiosk, releases: Releases) -> str:
    """An older .deb is installed over an update: it stays. A newer one takes its place. An older release is refused."""
    releases.publish("0.1.8", {"agent/update/__init__.py": "\n# one module\n"})
    kiosk.ask("0.1.8").end("DONE")
    machine, updated, fetched = kiosk.machine, kiosk.kept, _fetched(kiosk, "0.1.8")
    old = next(rootfs.FOLDER.parent.glob("tram-kiosk_0.1.0_*.deb")).name
    said = machine.do(f"dpkg --install /build/{old} 2>&1", within_s=300)
    if "and stays" not in said:
        raise MachineFailed(f"the older package said: {said}")
    kiosk.is_whole(updated)
    new = next(rootfs.FOLDER.parent.glob("tram-kiosk_0.1.9_*.deb")).name
    began_s = time.monotonic()
    machine.do(f"dpkg --install /build/{new} 2>&1", within_s=600)
    kiosk.is_whole("0.1.9")
    machine.until("the kiosk is online", lambda: first_copy.online(kiosk.site), 120)
    took_s = time.monotonic() - began_s
    refused = _expect("which a package brought", kiosk.ask(updated).end("FAILED"))
    first_copy.copy(kiosk.site)
    return (
        f"{updated}, one module: {fetched / _KB:.1f} kB fetched; 0.1.0 beside it: it stays; 0.1.9 beside it: taken in "
        f"{took_s:.0f} s; then {updated}: {refused}"
    )


class _Filler:
    """Takes all room of the machine's disk but `leave` bytes, and what becomes free, while it lasts."""

    def __init__(self, kiosk: Kiosk, leave: int) -> None:
        self._path, self._leave = kiosk.machine.root.parent / "fill", leave

    def __enter__(self) -> None:
        free = shutil.disk_usage(self._path.parent).free
        with self._path.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, free - self._leave)

    def __exit__(self, *_: object) -> None:
        self._path.unlink()


def _cut(kiosk: Kiosk) -> str:
    """Pull the plug, put it in again, and wait until one of the versions is online."""
    kiosk.machine.pull_the_plug()
    began_s = time.monotonic()
    kiosk.machine.boot()
    kiosk.site.plug()
    kiosk.until("a version is online", lambda: first_copy.online(kiosk.site), 60 * TRIAL_MINUTES + 240)
    return f"{kiosk.running} online after {time.monotonic() - began_s:.0f} s"


def _given_back(kiosk: Kiosk, job: Job, *, is_cut: bool = False) -> str:
    """Let a release be tried and fail, with a power cut amid its trial where `is_cut`; return what was seen."""
    before = kiosk.kept
    job.reach(Phase.TRYING)
    began_s = time.monotonic()
    cut = f"cut amid its trial: {_cut(kiosk)}; " if is_cut else ""
    why = job.end("FAILED")
    if kiosk.stands.phase is not Phase.RETURNED:
        raise MachineFailed(f"it was not given back: {kiosk.stands}")
    kiosk.is_whole(before)
    kiosk.machine.until("the kiosk is online", lambda: first_copy.online(kiosk.site), 120)
    took_s = time.monotonic() - began_s
    _expect("was tried here", kiosk.ask(kiosk.stands.version).end("FAILED"))
    first_copy.copy(kiosk.site)
    return f'{cut}"{why}", {before} serves {took_s:.0f} s after the switch; not tried again; then a copy'


def _fetched(kiosk: Kiosk, version: str) -> int:
    said = kiosk.machine.do("journalctl --no-pager -o cat -u tram-update | grep 'bytes were fetched' | tail -1")
    if version not in said:
        raise MachineFailed(f"the updater does not say what it fetched: {said}")
    return int(said.split(" bytes were fetched")[0].split()[-1])


def _looked(kiosk: Kiosk) -> str:
    """Let the updater look at the repository now; return what `tram update status` says of it."""
    kiosk.machine.do("systemctl start tram-update.service", within_s=120)
    said = kiosk.says("update status")
    return next(line for line in said.splitlines() if line.startswith("repository")).removeprefix("repository").strip()


def _expect(words: str, said: str) -> str:
    if words not in said:
        raise MachineFailed(f"{words!r} is not said: {said}")
    return said


ALL: tuple[Callable[[Kiosk, Releases], str], ...] = (
    update_waits_for_a_visit,
    power_fails_five_times,
    crashing_release_is_given_back,
    hanging_release_is_given_back,
    release_that_loses_a_device_is_given_back,
    full_disk_changes_nothing,
    lies_are_told_in_plain_words,
    stick_brings_a_release_without_a_network,
    stick_heals_a_kiosk_whose_program_crashes,
    higher_version_wins_at_the_package,
)
