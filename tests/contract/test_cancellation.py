"""A loop that is asked to end in the very moment in which its connection breaks does end."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from contract.cancellation import apart


class ConnectionBroke(Exception):
    pass


async def _connection(may_break: asyncio.Event) -> None:
    async def breaks() -> None:
        await may_break.wait()
        raise ConnectionBroke

    async with asyncio.TaskGroup() as both:
        both.create_task(breaks())
        both.create_task(asyncio.sleep(60))


async def _directly(work: Coroutine[Any, Any, None]) -> None:
    await work


async def _reconnect(may_break: asyncio.Event, how: Any) -> str:
    for _ in range(3):
        try:
            await how(_connection(may_break))
        except* ConnectionBroke:
            pass
    return "went round three times"


@pytest.mark.parametrize(("how", "ends"), [(apart, True), (_directly, False)], ids=["apart", "directly"])
async def test_cancelled_loop_ends_though_its_connection_breaks_in_that_moment(how: Any, ends: bool) -> None:
    may_break = asyncio.Event()
    loop = asyncio.create_task(_reconnect(may_break, how))
    for _ in range(5):
        await asyncio.sleep(0)
    may_break.set()
    loop.cancel()
    await asyncio.wait([loop], timeout=5)
    assert loop.cancelled() is ends  # a group alone loses the cancellation on Python 3.11


async def test_loop_that_is_not_cancelled_connects_again() -> None:
    may_break = asyncio.Event()
    may_break.set()
    assert await _reconnect(may_break, apart) == "went round three times"


async def test_work_ends_before_whoever_waits_for_it() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            ended.append("farewell said")

    waiting = asyncio.create_task(apart(work()))
    for _ in range(3):
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert ended == ["farewell said"]


async def test_result_and_fault_come_through() -> None:
    async def seven() -> int:
        return 7

    async def breaks() -> None:
        raise ConnectionBroke

    assert await apart(seven()) == 7
    with pytest.raises(ConnectionBroke):
        await apart(breaks())
