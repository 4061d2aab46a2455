"""How the running agent is, asked as `tram doctor` asks it: over its local API; where it is silent, of systemd."""

import asyncio
import subprocess
from dataclasses import dataclass

import httpx
import msgspec
from msgspec import Struct

from agent.update.progress import Health

ANSWER_S = 15.0
USABLE = ("READY", "BUSY", "ATTENTION")
UNIT = "tram-agent.service"
HUB_AWAY = "the hub is no longer reached"


class _Device(Struct, frozen=True, kw_only=True):
    name: str
    state: str


class _Link(Struct, frozen=True, kw_only=True):
    online: bool


class _Said(Struct, frozen=True, kw_only=True):
    """What of `GET /status` any version of the agent says; `version` is new with the first one that updates."""

    devices: list[_Device]
    link: _Link
    version: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """The agent that listens on `port` of this machine."""

    port: int

    async def health(self) -> tuple[str, Health]:
        """Return its version and what is good; raise Silent."""
        try:
            async with httpx.AsyncClient(timeout=ANSWER_S) as client:
                answer = await client.get(f"http://127.0.0.1:{self.port}/status")
            answer.raise_for_status()
            said = msgspec.json.decode(answer.content, type=_Said)
        except httpx.HTTPError as fault:
            raise Silent(f"the program does not answer ({fault!r})") from fault
        except msgspec.DecodeError as fault:
            raise Silent(f"the program's answer is not understood ({fault})") from fault
        usable = tuple(device.name for device in said.devices if device.state in USABLE)
        return said.version, Health(devices=usable, online=said.link.online)

    async def is_given_up(self) -> bool:
        """Return whether it ended at so many starts that systemd starts it no more; False where systemd has no say."""
        return await asyncio.to_thread(_is_failed, UNIT)


def _is_failed(unit: str) -> bool:
    try:
        said = subprocess.run(["systemctl", "is-failed", unit], capture_output=True, timeout=ANSWER_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.stdout.strip() == b"failed"


class Silent(Exception):
    """The agent does not tell how it is."""


def worse(before: Health, now: Health) -> str:
    """Return what was good and no longer is; empty where nothing is."""
    lost = [name for name in before.devices if name not in now.devices]
    if lost:
        return f"no longer usable: {', '.join(lost)}"
    return HUB_AWAY if before.online and not now.online else ""
