"""The clock set by NTS and by nothing else: real chronyd on both sides, a forger beside them; each cause is named."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from agent.config import ClockSection
from contract.clock import SystemClock
from contract.time_report import ClockDoubted, Doubt, TimeReport, require_believable
from hub.signing.credentials import read_pem
from hub.signing.pki import ensure
from provisioning.checkup.clock import AT_BOOT, believed, below, board_clock
from provisioning.checkup.layer import LayerDoubtful
from provisioning.clock import chrony_conf
from provisioning.onebox.child import free_port
from provisioning.tram import tram
from tests.chrony_doubles import FORGER, ROOT, ForgedServer, KioskClock, certificate, server
from tests.clock_reports import believable

UNKNOWN = "a certificate by nobody known"
pytestmark = pytest.mark.xdist_group("clock")  # one set of daemons


@dataclass(frozen=True)
class World:
    """Kiosks' clocks by what stands around them; all run at once, since each needs seconds to make up its mind."""

    clocks: dict[str, KioskClock]
    forger: ForgedServer


Change = Callable[[str], str]


def _as_it_is(conf: str) -> str:
    return conf


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("clocks")
    site = ensure(folder / "pki", SystemClock(), agency="UBND phường Mẫu", certifiers=())
    root, authority = read_pem(folder / "pki" / "broker" / "root"), site.broker.server.authority
    forger = ForgedServer()
    with ExitStack() as stack:
        stack.callback(forger.stop)

        def serving(name: str, address: str = "127.0.0.1") -> str:
            host = "localhost" if address == "127.0.0.1" else address
            daemon, named = server(folder / name, *certificate(folder, host, root), address=address)
            stack.callback(daemon.stop)
            return named

        true, second = serving("true"), serving("second", "127.0.0.2")
        dead, gone = f"localhost:{free_port()}", f"127.0.0.4:{free_port()}"
        plain = f"server {FORGER} port {forger.port} iburst minpoll 0 maxpoll 1"
        ahead = second.replace(":", " nts iburst minpoll 0 maxpoll 1 ntsport ")
        cases: dict[str, tuple[tuple[str, ...], Change]] = {
            "nts": ((true,), _as_it_is),
            "nts and a forger": ((true,), lambda conf: f"{conf}\n{plain}\n"),
            "a forger alone": ((true,), lambda conf: re.sub("^server .*", plain, conf, flags=re.M)),
            UNKNOWN: ((true, gone), _as_it_is),
            "nobody there": ((dead,), _as_it_is),
            "two that differ": ((true, second), lambda conf: conf.replace(ahead, f"{ahead} offset 3600")),
            "jumped": (
                (true,),
                lambda conf: re.sub("^makestep.*", "", conf, flags=re.M).replace(" nts ", " nts offset 3600 "),
            ),
            "one of three": ((true, gone, "127.0.0.5:9"), _as_it_is),
        }
        clocks = {}
        for number, (name, (servers, change)) in enumerate(cases.items()):
            known = None if name == UNKNOWN else authority
            # chronyc's socket lies below it, and a socket's path has 107 bytes at most (unix(7))
            clocks[name] = KioskClock(folder / str(number), known, servers, change)
            stack.callback(clocks[name].stop)
        yield World(clocks=clocks, forger=forger)


def _doubt(world: World, name: str, cause: Doubt) -> ClockDoubted:
    """Return what is said once a report gives that cause: on a loaded machine chronyd may not answer at first."""
    report = world.clocks[name].until(lambda report: _cause(report) is cause)
    with pytest.raises(ClockDoubted) as caught:
        report.require_believable(report.up_s)
    return caught.value


def _cause(report: TimeReport) -> Doubt | None:
    try:
        report.require_believable(report.up_s)
    except ClockDoubted as doubt:
        return doubt.doubt
    return None


def _believable(report: TimeReport) -> bool:
    return _cause(report) is None


def test_a_server_that_proves_who_it_is_is_believed(world: World) -> None:
    clock = world.clocks["nts"]
    report = clock.until(_believable)
    assert [(each.state, each.authenticated) for each in report.sources] == [("*", True)]
    assert require_believable(clock.report).startswith("set by 1 authenticated time server, to 0.")


def test_a_forged_hour_beside_it_is_heard_and_not_believed(world: World) -> None:
    clock = world.clocks["nts and a forger"]
    report = clock.until(lambda report: _believable(report) and all(each.answers for each in report.sources))
    assert report.offset_s is not None and abs(report.offset_s) < 1 and world.forger.asked > 0
    assert {each.authenticated: each.state for each in report.sources} == {True: "*", False: "?"}


def test_a_forger_alone_sets_no_clock_and_is_named(world: World) -> None:
    doubt = _doubt(world, "a forger alone", Doubt.UNAUTHENTICATED)
    assert f"{FORGER} answers, but proves nothing" in str(doubt)


async def test_a_wrong_certificate_is_refused_and_the_doctor_names_it_before_who_is_not_there(world: World) -> None:
    clock = world.clocks[UNKNOWN]
    assert "no time server answers" in str(_doubt(world, UNKNOWN, Doubt.UNREACHED))
    with pytest.raises(LayerDoubtful, match=r"localhost: its certificate is refused.*; 1 more fail") as caught:
        await believed(clock.servers, clock.root)
    assert "etc/chrony/tram-ca" in caught.value.remedy
    assert "certificate is NOT trusted" in clock.chronyd.log.read_text()


async def test_a_closed_port_is_told_from_a_refused_certificate(world: World) -> None:
    clock = world.clocks["nobody there"]
    _doubt(world, "nobody there", Doubt.UNREACHED)
    with pytest.raises(LayerDoubtful, match=r"localhost: TCP \d+: .*(refused|connect)") as caught:
        await believed(clock.servers, clock.root)
    assert "firewall" in caught.value.remedy


async def test_servers_that_contradict_one_another_set_no_clock(world: World) -> None:
    clock = world.clocks["two that differ"]
    clock.until(lambda report: [each.state for each in report.sources] == ["x", "x"])
    with pytest.raises(LayerDoubtful, match=r"contradict one another: localhost, 127\.0\.0\.2"):
        await believed(clock.servers, clock.root)


def test_a_clock_that_was_moved_is_not_believed_until_it_is_set(world: World) -> None:
    doubt = _doubt(world, "jumped", Doubt.JUMPED)
    assert "stands 3,600 s off" in str(doubt) and "restart chrony" in doubt.remedy


def test_of_three_servers_one_alone_is_not_enough(world: World) -> None:
    clock = world.clocks["one of three"]
    clock.until(lambda report: any(each.answers and each.authenticated for each in report.sources))
    assert "too few servers" in str(_doubt(world, "one of three", Doubt.SETTLING))


def test_a_silent_time_service_and_a_silent_watcher_are_two_things(world: World, tmp_path: Path) -> None:
    report = believable(tmp_path / "report", age_s=61)
    with pytest.raises(ClockDoubted, match="61 s old"):
        require_believable(report)
    report.write_text(believable(report).read_text().splitlines()[0] + "\ntracking 506 Cannot talk to daemon\n")
    with pytest.raises(ClockDoubted, match="does not answer") as caught:
        require_believable(report)
    assert caught.value.doubt is Doubt.SILENT


@pytest.mark.parametrize(
    ("found", "state", "says"),
    [
        ("none 1795872607", "READY", "none: it goes on from the last known time"),
        ("946684800 1795872607", "ATTENTION", "its battery is empty: it showed 01/01/2000 07:00:00"),
        ("1795872600 1795872607", "READY", "ran on"),
        ("1795872600 none", "READY", "ran on"),
    ],
)
def test_an_empty_battery_of_the_board_is_told_from_a_board_without_clock(
    tmp_path: Path, found: str, state: str, says: str
) -> None:
    path = below(tmp_path, AT_BOOT)
    path.parent.mkdir(parents=True)
    path.write_text(f"{found}\n")
    line = board_clock(tmp_path, SystemClock())
    assert line.state == state and says in line.detail


def test_the_watcher_writes_down_how_the_board_stood_before_any_server(world: World) -> None:
    ran_to, known = (world.clocks["nts"].report.with_name("at-boot")).read_text().split()
    assert (ran_to.isdigit() or ran_to == "none") and (known.isdigit() or known == "none")


def test_a_kiosk_without_a_file_asks_four_servers_of_four_owners(tmp_path: Path) -> None:
    written = tmp_path / "tram.conf"
    done = CliRunner().invoke(tram, ["clock", "--config", str(tmp_path / "kiosk.toml"), "--into", str(written)])
    lines = written.read_text().splitlines()
    assert done.exit_code == 0 and len({line.split()[1] for line in lines if line.startswith("server ")}) == 4
    assert all(" nts " in line for line in lines if line.startswith("server "))


def test_the_life_of_certificates_is_passed_over_only_where_two_servers_must_agree() -> None:
    assert "nocerttimecheck" not in chrony_conf(["time.hub.example"])
    assert chrony_conf(["a.example", "b.example:9", "c.example"]).splitlines()[1:] == [
        "server b.example nts iburst ntsport 9",
        "server c.example nts iburst",
        "minsources 2",
        "nocerttimecheck 1",
    ]


def test_a_hub_begins_with_the_time_servers_of_a_kiosk() -> None:
    told = (ROOT / "systemd/etc/chrony-hub-servers.conf").read_text().splitlines()
    assert [line for line in told if line and line[0] != "#"] == chrony_conf(ClockSection().servers).splitlines()
