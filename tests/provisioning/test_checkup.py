"""Each layer of the way to the hub broken by a real stand-in, and named; the machine told by files as of a kernel."""

import asyncio
import ssl
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import msgspec
import pytest
from cryptography import x509

from agent.config import Config, HubSection, KioskSection
from agent.link.device_key import DeviceKey
from agent.link.mqtt import Credentials
from contract.clock import Clock, SimulatedClock, SystemClock
from contract.messages import DeviceReading, LegalMode, Presented
from contract.time_report import REPORT
from hub.signing import profiles
from hub.signing.broker_pki import TlsFiles
from hub.signing.credentials import Credential, read_pem, write_pem
from hub.signing.pki import Pki, ensure
from models import manifest
from provisioning.checkup.clock import below
from provisioning.checkup.machine import Checkup
from provisioning.checkup.network import Network
from provisioning.onebox import broker
from provisioning.onebox.child import Child, free_port, port_open
from tests.clock_reports import believable


@dataclass(frozen=True)
class Keys:
    pki: Pki
    folder: Path

    @property
    def root(self) -> Credential:
        return read_pem(self.folder / "pki" / "broker" / "root")

    def server(self, name: str, *, made_ago: timedelta = timedelta(), by: Credential | None = None) -> ssl.SSLContext:
        """Return the TLS of a server of this name, by this authority or another, made so long ago for three years."""
        authority = profiles.Authority(credential=by or self.root, now=SystemClock().now() - made_ago)
        made = authority.issue(profiles.machine(name), profiles.server(profiles.server_names(name)))
        stem = self.folder / f"server-{made.certificate.serial_number:x}"
        write_pem(made, stem)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(self.pki.broker.server.authority))
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_cert_chain(stem.with_suffix(".pem"), stem.with_suffix(".key.pem"))
        return context


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    folder = tmp_path_factory.mktemp("keys")
    return Keys(pki=ensure(folder / "pki", SystemClock(), agency="UBND phường Mẫu", certifiers=()), folder=folder)


def config_of(files: TlsFiles, folder: Path, host: str, port: int, **more: str) -> Config:
    return Config(
        kiosk=KioskSection(
            id="kiosk-01", site="Mẫu", province="Hà Nội", folder=folder, legal_mode=LegalMode.PREPARE_ONLY,
            presented=Presented.COUNTER, pays_by_transfer=True,
        ),
        hub=HubSection(
            host=host, port=port, ca=files.authority, certificate=files.certificate, key=files.key,
            **{"public_url": "http://127.0.0.1:9", **more},
        ),
        scanner={}, printer={},
    )  # fmt: skip


def network(
    keys: Keys, host: str, port: int, *, clock: Clock | None = None, kiosk: str = "kiosk-01", **more
) -> Network:
    files = keys.pki.issue_kiosk(kiosk)
    config = config_of(files, keys.folder, host, port, **more.pop("hub", {}))
    root = more.setdefault("root", keys.folder / "root")
    believable(below(root, REPORT))
    shown = Credentials(ca=files.authority, certificate=files.certificate, key=DeviceKey.open(files.key))
    return Network(config=config, credentials=shown, clock=clock or SystemClock(), **more)


@asynccontextmanager
async def listening(context: ssl.SSLContext | None) -> AsyncIterator[int]:
    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


def ended_at(lines: list[DeviceReading]) -> DeviceReading:
    """Return the last line; all those before it are good."""
    *before, last = lines
    assert [each.state for each in before] == ["READY"] * len(before)
    return last


async def test_a_closed_port_is_the_port_and_nothing_above_it_is_asked(keys: Keys) -> None:
    last = ended_at(await network(keys, "localhost", free_port()).lines())
    assert (last.name, last.state) == ("port", "DOWN") and "hub.port in kiosk.toml" in last.remedy


async def test_a_name_that_nobody_knows_is_the_dns(keys: Keys) -> None:
    last = ended_at(await network(keys, "localhost.invalid", 8883, root=machine_with_route(keys.folder)).lines())
    assert (last.name, last.state) == ("dns", "DOWN") and "hub.host" in last.remedy


IPV4 = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
IPV4_SITE = IPV4 + "eth0\t0001A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n"
IPV4_ANY = IPV4_SITE + "eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n"
IPV4_HALF = IPV4_SITE + "eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000080\t0\t0\t0\n"
NIL = "0" * 32
IPV6_SITE = f"fd{NIL[2:]} 40 {NIL} 00 {NIL} 00000100 00000001 00000000 00000001     eth0\n"
IPV6_NONE = IPV6_SITE + f"{NIL} 00 {NIL} 00 {NIL} ffffffff 00000001 00000000 00200200       lo\n"
IPV6_ANY = IPV6_NONE + f"{NIL} 00 {NIL} 00 fd{NIL[3:]}1 00000400 00000003 00000000 00000003     eth0\n"


def machine_with_route(folder: Path, *, flags: str = "0x1003", ipv4: str = IPV4_ANY, ipv6: str | None = None) -> Path:
    """Return a root with the tables that Linux 6.1 shows; without `ipv6` it is a kernel that has none."""
    root = Path(tempfile.mkdtemp(dir=folder))
    (root / "sys/class/net/eth0").mkdir(parents=True)
    (root / "sys/class/net/eth0/flags").write_text(flags)
    (root / "sys/class/net/eth0/operstate").write_text("up\n")
    (root / "proc/net").mkdir(parents=True)
    (root / "proc/net/route").write_text(ipv4)
    if ipv6 is not None:
        (root / "proc/net/ipv6_route").write_text(ipv6)
    return root


@pytest.mark.parametrize(
    ("flags", "ipv4", "ipv6", "says"),
    [
        ("0x1002", IPV4_ANY, IPV6_ANY, "no network interface is up"),
        ("0x1003", IPV4_SITE, None, "no default route"),
        ("0x1003", IPV4_SITE, IPV6_NONE, "no default route"),
    ],
    ids=["no cable", "no router", "no router, IPv6 refuses"],
)
async def test_a_cable_that_is_out_or_a_router_that_is_off_is_the_link(
    keys: Keys, flags: str, ipv4: str, ipv6: str | None, says: str
) -> None:
    root = machine_with_route(keys.folder, flags=flags, ipv4=ipv4, ipv6=ipv6)
    (last,) = await network(keys, "hub.invalid", 8883, root=root).lines()
    assert (last.name, last.state) == ("link", "DOWN") and says in last.detail


@pytest.mark.parametrize(("ipv4", "ipv6"), [(IPV4, IPV6_ANY), (IPV4_HALF, IPV6_NONE)], ids=["IPv6 alone", "VPN"])
async def test_a_way_out_of_either_family_is_a_network(keys: Keys, ipv4: str, ipv6: str) -> None:
    root = machine_with_route(keys.folder, ipv4=ipv4, ipv6=ipv6)
    last = ended_at(await network(keys, "hub.invalid", 8883, root=root).lines())
    assert (last.name, last.state) == ("dns", "DOWN")


async def test_a_clock_that_is_years_behind_is_the_time_and_not_tls(keys: Keys) -> None:
    clock = SimulatedClock(SystemClock().now() - timedelta(days=9000))
    last = ended_at(await network(keys, "localhost", 1, clock=clock).lines())
    assert (last.name, last.state) == ("time", "DOWN") and "the clock is wrong (R23)" in last.detail


async def test_a_certificate_that_ended_in_the_warehouse_is_said_with_its_way_back(keys: Keys) -> None:
    clock = SimulatedClock(SystemClock().now() + timedelta(days=1095 + 60))
    last = ended_at(await network(keys, "localhost", 1, clock=clock).lines())
    assert (last.name, last.state) == ("time", "DOWN")
    assert "certificate ended on" in last.detail and "tram enrol" in last.remedy


async def test_a_broker_with_a_certificate_for_another_name_is_tls(keys: Keys) -> None:
    async with listening(keys.server("broker.example.vn")) as port:
        last = ended_at(await network(keys, "localhost", port).lines())
    assert (last.name, last.state) == ("tls", "DOWN")
    assert "ostname mismatch" in last.detail and "another name than localhost" in last.remedy


async def test_a_broker_of_another_authority_is_tls_and_may_be_a_stranger(keys: Keys) -> None:
    stranger = profiles.root(profiles.machine("Another root"), SystemClock().now())
    async with listening(keys.server("localhost", by=stranger)) as port:
        last = ended_at(await network(keys, "localhost", port).lines())
    assert (last.name, last.state) == ("tls", "DOWN") and "suspect the network" in last.remedy


async def test_a_broker_whose_certificate_ended_is_tls_and_the_operators(keys: Keys) -> None:
    async with listening(keys.server("localhost", made_ago=timedelta(days=1100))) as port:
        last = ended_at(await network(keys, "localhost", port).lines())
    assert (last.name, last.state) == ("tls", "DOWN")
    assert "expired" in last.detail and "tram keys rotate broker" in last.remedy


async def test_a_service_that_speaks_no_tls_is_said_to_be_another(keys: Keys) -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server:
        last = ended_at(await network(keys, "localhost", server.sockets[0].getsockname()[1]).lines())
    assert last.name == "tls" and "another service" in last.remedy


async def test_a_server_that_speaks_tls_but_no_mqtt_is_the_broker(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.link.mqtt.TIMEOUT_S", 0.5)
    async with listening(keys.server("localhost")) as port:
        last = ended_at(await network(keys, "localhost", port).lines())
    assert (last.name, last.state) == ("broker", "DOWN")


@pytest.fixture
def mosquitto(keys: Keys, tmp_path: Path) -> Iterator[int]:
    port, server = free_port(), keys.pki.broker.server
    files = broker.BrokerFiles(
        ca=server.authority, crl=keys.pki.broker.crl_path, certificate=server.certificate, key=server.key
    )
    child = Child("broker", ["mosquitto", "-c", str(broker.write_config(tmp_path, port, files))], tmp_path / "log")
    child.start(lambda: port_open(port))
    yield port
    child.stop()


async def test_a_kiosk_whose_certificate_is_revoked_is_told_by_the_broker(keys: Keys, tmp_path: Path) -> None:
    files = keys.pki.issue_kiosk("kiosk-lost")
    keys.pki.revoke(x509.load_pem_x509_certificate(files.certificate.read_bytes()).serial_number)
    shown = Credentials(ca=files.authority, certificate=files.certificate, key=DeviceKey.open(files.key))
    server = keys.pki.broker.server
    again = broker.BrokerFiles(
        ca=server.authority, crl=keys.pki.broker.crl_path, certificate=server.certificate, key=server.key
    )
    port = free_port()
    child = Child("broker", ["mosquitto", "-c", str(broker.write_config(tmp_path, port, again))], tmp_path / "log2")
    child.start(lambda: port_open(port))
    try:
        config = config_of(files, tmp_path, "localhost", port)
        believable(below(tmp_path, REPORT))
        way = Network(config=config, credentials=shown, clock=SystemClock(), root=tmp_path)
        last = ended_at(await way.lines())
    finally:
        child.stop()
    assert (last.name, last.state) == ("tls", "DOWN"), last
    assert "revoked" in last.detail and "tram enrol" in last.remedy


async def test_with_a_true_broker_the_hub_is_the_next_that_can_fail_and_then_none(keys: Keys, mosquitto: int) -> None:
    last = ended_at(await network(keys, "localhost", mosquitto).lines())
    assert (last.name, last.state) == ("hub", "DOWN") and "http://127.0.0.1:9/health" in last.detail
    async with health(drift_s=0) as url:
        lines = await network(keys, "localhost", mosquitto, hub={"public_url": url}).lines()
    assert [(each.name, each.state) for each in lines][-2:] == [("hub", "READY"), ("place", "READY")]
    async with health(drift_s=-90) as url:
        lines = await network(keys, "localhost", mosquitto, hub={"public_url": url}).lines()
    (hub,) = (each for each in lines if each.name == "hub")
    assert hub.state == "ATTENTION" and "ahead of the hub's (R23)" in hub.detail


@asynccontextmanager
async def health(drift_s: float) -> AsyncIterator[str]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        date = format_datetime(SystemClock().now() + timedelta(seconds=drift_s), usegmt=True)
        writer.write(f"HTTP/1.1 200 OK\r\nDate: {date}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def checkup(
    keys: Keys, tmp_path: Path, *, clock: Clock | None = None, throttled: int | None = None
) -> dict[str, DeviceReading]:
    files = keys.pki.issue_kiosk("kiosk-01")
    config = config_of(files, tmp_path, "localhost", 1)
    shown = Credentials(ca=files.authority, certificate=files.certificate, key=DeviceKey.open(files.key))
    made = Checkup(
        config=config, credentials=shown, clock=clock or SystemClock(), root=tmp_path, throttled=lambda: throttled
    )
    return {line.name: line for line in made.lines()}


def test_a_machine_that_tells_little_is_well_and_says_what_it_does_not_tell(keys: Keys, tmp_path: Path) -> None:
    lines = checkup(keys, tmp_path)
    assert {each.state for each in lines.values()} == {"READY"}
    assert "no thermal zone" in lines["heat"].detail and "as listed" in lines["models"].detail
    assert "no TPM: key readable" in lines["certificate"].detail


@pytest.mark.parametrize(("flags", "says"), [(0x50005, "now"), (0x50000, "since the start")])
def test_under_voltage_is_told_by_the_raspberrys_firmware(keys: Keys, tmp_path: Path, flags: int, says: str) -> None:
    line = checkup(keys, tmp_path, throttled=flags)["power"]
    assert line.state == "ATTENTION" and says in line.detail and "power supply" in line.remedy


def test_heat_is_told_by_the_kernel(keys: Keys, tmp_path: Path) -> None:
    zone = tmp_path / "sys/class/thermal/thermal_zone0"
    zone.mkdir(parents=True)
    (zone / "temp").write_text("84500\n")
    assert checkup(keys, tmp_path)["heat"].state == "ATTENTION"


@pytest.mark.parametrize(
    ("days", "state", "says"),
    [(700, "READY", "395 days left"), (800, "ATTENTION", "should have renewed itself"), (1100, "DOWN", "ended 5 days")],
)
def test_days_left_of_the_certificate(keys: Keys, tmp_path: Path, days: int, state: str, says: str) -> None:
    clock = SimulatedClock(SystemClock().now() + timedelta(days=days, minutes=1))
    line = checkup(keys, tmp_path, clock=clock)["certificate"]
    assert line.state == state and says in f"{line.detail} {line.remedy}", line


def test_a_weight_that_was_changed_is_named(keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = dict(manifest.weights())
    name = next(iter(listed))
    listed[name] = msgspec.structs.replace(listed[name], sha256="0" * 64)
    monkeypatch.setattr(manifest, "weights", lambda: listed)
    line = checkup(keys, tmp_path)["models"]
    assert line.state == "DOWN" and listed[name].file.rsplit("/", 1)[-1] in line.detail
