"""The way to the hub, layer by layer; the first that fails is the true one, those above it are not asked.

| layer | what is tried |
|---|---|
| link | a network interface that is up, and a default route of IPv4 or IPv6 (sysfs, /proc/net) |
| dns | the broker's name has an address |
| time | the clock lies inside the certificate's life, and servers that prove who they are have set it (R23) |
| port | TCP to the broker |
| tls | the broker's certificate: authority, name, life; the broker takes the kiosk's |
| broker | MQTT 5, as this kiosk, under another client id so that the running kiosk keeps its connection |
| hub | `/health` of the hub's public pages, and its clock beside ours (R23) |
| place | what the hub knows of this kiosk is what kiosk.toml says (R3) |
"""

import asyncio
import ipaddress
import os
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from agent.config import Config
from agent.link import est
from agent.link.faults import EnrolmentFault, LinkDown
from agent.link.mqtt import Credentials, knock
from contract.clock import Clock
from contract.messages import DeviceReading
from provisioning.checkup import routes
from provisioning.checkup.clock import believed
from provisioning.checkup.layer import LayerDoubtful, LayerDown
from provisioning.checkup.line import attention, bad, good

DRIFT_S = 30.0
_LONGEST_S = 8.0
_LISTENS_S = 0.6
_LOOPBACK, _FLAG_UP = "lo", 0x1


Layer = Callable[[], Awaitable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The way of one kiosk; `root` is where the kernel's files hang."""

    config: Config
    credentials: Credentials
    clock: Clock
    root: Path = Path("/")

    async def lines(self) -> list[DeviceReading]:
        """Return one line a layer, up to the first that fails."""
        return [line async for line in self._asked()]

    async def _asked(self) -> AsyncIterator[DeviceReading]:
        layers: dict[str, Layer] = {
            "link": self._link, "dns": self._dns, "time": self._time, "port": self._port, "tls": self._tls,
            "broker": self._broker, "hub": self._hub, "place": self._place,
        }  # fmt: skip
        for name, layer in layers.items():
            try:
                yield good(name, await layer(), self.clock)
            except LayerDoubtful as fault:
                yield attention(name, str(fault), fault.remedy, self.clock)
            except LayerDown as fault:
                yield bad(name, str(fault), fault.remedy, self.clock)
                return

    async def _link(self) -> str:
        if self._is_here:
            return "the broker is on this machine"
        folder = self.root / "sys/class/net"
        up = [each.name for each in sorted(folder.glob("*")) if each.name != _LOOPBACK and _is_up(each)]
        if not up:
            raise LayerDown("no network interface is up", "Plug the cable in, or look at Wi-Fi, modem and SIM.")
        if not routes.has_default(self.root):
            raise LayerDown(f"{', '.join(up)} up, no default route", "Look at the router and its DHCP.")
        return f"{', '.join(up)} up"

    async def _dns(self) -> str:
        host = self.config.hub.host
        if _is_address(host):
            return f"{host} needs no name server"
        try:
            async with asyncio.timeout(_LONGEST_S):
                found = await asyncio.get_running_loop().getaddrinfo(
                    host, self.config.hub.port, type=socket.SOCK_STREAM
                )
        except (OSError, TimeoutError) as fault:
            why = fault.strerror if isinstance(fault, OSError) and fault.strerror else "no answer"
            raise LayerDown(
                f"{host} has no address ({why})", "Check hub.host in kiosk.toml, then the name server."
            ) from fault
        return f"{host} is {found[0][4][0]}"

    async def _time(self) -> str:
        if why := self.credentials.wrong_now(self.clock.now()):
            detail, _, remedy = why.partition(". ")
            raise LayerDown(detail, remedy or "Set the clock (date --set …), then: systemctl restart chrony")
        if self.config.stand_ins and self.config.stand_ins.own_clock:
            return "fits the certificate; no time server in a set of stand-ins"
        return await believed(self.config.clock.servers, self.root)

    async def _port(self) -> str:
        hub = self.config.hub
        try:
            async with asyncio.timeout(_LONGEST_S):
                _, writer = await asyncio.open_connection(hub.host, hub.port)
        except TimeoutError as fault:
            remedy = "A firewall drops it, or the host is off. Let the network's owner open the port."
            raise LayerDown(f"{hub.host}:{hub.port} does not answer", remedy) from fault
        except OSError as fault:
            remedy = "The broker is down or listens elsewhere: hub.port in kiosk.toml."
            why = os.strerror(fault.errno).lower() if fault.errno else "no connection"
            raise LayerDown(f"{hub.host}:{hub.port}: {why}", remedy) from fault
        writer.close()
        return f"{hub.host}:{hub.port} open"

    async def _tls(self) -> str:
        hub = self.config.hub
        try:
            async with asyncio.timeout(_LONGEST_S):
                reader, writer = await asyncio.open_connection(hub.host, hub.port, ssl=self.credentials.context())
                version = writer.get_extra_info("ssl_object").version()
                await _refusal(reader)
                writer.close()
        except ssl.SSLCertVerificationError as fault:
            raise LayerDown(f"the broker's certificate: {fault.verify_message}", _of_broker(fault, hub.host)) from fault
        except ssl.SSLError as fault:
            raise LayerDown(f"the broker refuses this kiosk: {_words(fault)}", _OF_KIOSK) from fault
        except (OSError, TimeoutError) as fault:
            raise LayerDown("the broker hangs up while TLS begins", "Does another service listen there?") from fault
        return f"{version}, both certificates taken"

    async def _broker(self) -> str:
        hub = self.config.hub
        try:
            await knock(self.config.kiosk.id, hub.host, hub.port, self.credentials)
        except LinkDown as fault:
            raise LayerDown(str(fault), "Look at the broker's log; is the kiosk in its access list?") from fault
        return f"MQTT 5 as {self.config.kiosk.id}"

    async def _hub(self) -> str:
        url = self.config.hub.public_url.rstrip("/") + "/health"
        try:
            async with httpx.AsyncClient(timeout=_LONGEST_S) as client:
                answer = await client.get(url)
        except httpx.HTTPError as fault:
            raise LayerDown(
                f"{url}: {fault or type(fault).__name__}", "The hub is down: its operator looks."
            ) from fault
        if not answer.is_success:
            raise LayerDown(f"{url} answers {answer.status_code}", "The hub is ill: its operator looks at its log.")
        drift_s = self._drift_s(answer.headers.get("date", ""))
        if drift_s is not None and abs(drift_s) > DRIFT_S:
            said = f"our clock is {abs(drift_s):.0f} s {'ahead of' if drift_s > 0 else 'behind'} the hub's (R23)"
            raise LayerDoubtful(
                said,
                "If the time line above is well, it is the hub's clock: its operator looks at chronyc tracking there.",
            )
        return "answers" if drift_s is None else f"answers, clocks {abs(drift_s):.0f} s apart"

    async def _place(self) -> str:
        here = self.config.kiosk
        if not self.config.hub.est:
            return "kiosk.toml names no place to ask (hub.est)"
        try:
            said = await est.placement(self.config.hub.est, self.credentials)
        except EnrolmentFault as fault:
            raise LayerDoubtful(f"the hub does not tell: {fault}", fault.remedy) from fault
        if (said.legal_mode, said.legal_decision) != (here.legal_mode, here.legal_decision):
            known = f"{said.legal_mode} {said.legal_decision}".strip()
            raise LayerDown(f"the hub knows it as {known} (R3)", "Enrol it anew, or have the hub's roster corrected.")
        return f"{said.legal_mode} at hub and kiosk"

    @property
    def _is_here(self) -> bool:
        host = self.config.hub.host
        return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)

    def _drift_s(self, date: str) -> float | None:
        try:
            return (self.clock.now() - parsedate_to_datetime(date)).total_seconds()
        except ValueError:
            return None


_OF_KIOSK = "Its certificate is revoked, ended, or of another hub: make a code at the console, then tram enrol."
_EXPIRED, _NOT_YET, _WRONG_NAME = 10, 9, 62  # X509_V_ERR_… of OpenSSL's x509_vfy.h
_WRONG_ADDRESS = 64


def _of_broker(fault: ssl.SSLCertVerificationError, host: str) -> str:
    match fault.verify_code:
        case code if code == _EXPIRED:
            return "The hub's operator renews it: tram keys rotate broker."
        case code if code == _NOT_YET:
            return "One of the two clocks is wrong; look at the hub's."
        case code if code in (_WRONG_NAME, _WRONG_ADDRESS):
            return f"It is for another name than {host}: correct hub.host, or the broker's certificate."
    return "It comes from another authority: is this the right hub? If so, enrol anew. If not, suspect the network."


async def _refusal(reader: asyncio.StreamReader) -> None:
    """Wait a moment for the alert with which a server refuses a client's certificate (TLS 1.3 says it afterwards)."""
    try:
        async with asyncio.timeout(_LISTENS_S):
            await reader.read(1)
    except TimeoutError:
        return


def _words(fault: ssl.SSLError) -> str:
    return (fault.reason or str(fault)).replace("_", " ").lower()


def _is_up(interface: Path) -> bool:
    return bool(int((interface / "flags").read_text(), 16) & _FLAG_UP) and (
        (interface / "operstate").read_text().strip() in ("up", "unknown")
    )


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
