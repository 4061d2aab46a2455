"""What the service manager hears: a sign of life only while loop and ledger work."""

import asyncio
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.ledger.database import Database
from agent.ledger.faults import LedgerUnwritable
from agent.ledger.ledger import Ledger
from contract.clock import SimulatedClock
from contract.service_manager import ALIVE, READY, ServiceManager

LEASE_S = 30.0


@pytest.fixture
def line(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bound:
        bound.bind(str(tmp_path / "notify"))
        bound.setblocking(False)
        yield bound


@pytest.fixture
def manager(line: socket.socket) -> ServiceManager:
    return ServiceManager.of({"NOTIFY_SOCKET": line.getsockname(), "WATCHDOG_USEC": str(int(LEASE_S * 1e6))})


def _heard(line: socket.socket) -> list[str]:
    heard = []
    while True:
        try:
            heard.append(line.recv(100).decode())
        except BlockingIOError:
            return heard


class Enough(Exception):
    """Ends what would go on for ever."""


async def test_a_kiosk_that_works_gives_three_signs_of_life_in_a_lease(
    manager: ServiceManager, line: socket.socket, tmp_path: Path
) -> None:
    clock = SimulatedClock(datetime(2026, 11, 28, tzinfo=UTC))
    ledger = await Ledger.open(tmp_path, clock)

    async def works() -> None:
        if clock.monotonic() >= 3 * LEASE_S:
            raise Enough
        await ledger.answer()

    with pytest.raises(Enough):
        await manager.prove_alive(works, clock)
    await ledger.close()
    assert _heard(line) == [ALIVE] * 9


async def test_a_ledger_that_hangs_gives_none(manager: ServiceManager, line: socket.socket) -> None:
    clock = SimulatedClock(datetime(2026, 11, 28, tzinfo=UTC))
    answers = asyncio.Event()

    async def works() -> None:
        if clock.monotonic() > LEASE_S:
            await answers.wait()

    task = asyncio.create_task(manager.prove_alive(works, clock))
    for _ in range(100):
        await asyncio.sleep(0)
    before = _heard(line)
    for _ in range(100):
        await asyncio.sleep(0)
    task.cancel()
    assert before != []
    assert _heard(line) == []


async def test_a_ledger_that_is_broken_ends_the_agent(manager: ServiceManager, tmp_path: Path) -> None:
    clock = SimulatedClock(datetime(2026, 11, 28, tzinfo=UTC))
    (tmp_path / "ledger.sqlite").write_bytes(b"")
    ledger = Ledger.of(tmp_path, database := await Database.open(tmp_path / "other" / "ledger.sqlite"), clock)
    await database.transact(lambda connection: connection.execute("PRAGMA query_only=ON"))

    async def works() -> None:
        await ledger.database.transact(lambda connection: connection.execute("CREATE TABLE probe (a)"))

    with pytest.raises(LedgerUnwritable):
        await manager.prove_alive(works, clock)
    await ledger.close()


def test_nothing_is_told_where_nobody_listens(tmp_path: Path) -> None:
    ServiceManager.of({}).tell(READY)
    ServiceManager.of({"NOTIFY_SOCKET": str(tmp_path / "gone")}).tell(READY)
    assert not list(tmp_path.iterdir())


async def test_without_a_watchdog_nothing_is_proved() -> None:
    await ServiceManager.of({"NOTIFY_SOCKET": "/nowhere"}).prove_alive(pytest.fail, SimulatedClock(datetime.now(UTC)))


def test_a_name_in_the_abstract_namespace_is_reached() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bound:
        bound.bind(f"\0tram-test-{os.getpid()}")
        ServiceManager.of({"NOTIFY_SOCKET": f"@tram-test-{os.getpid()}"}).tell(READY)
        assert bound.recv(100) == READY.encode()
