"""A loop that is asked to end in the very moment in which its connection breaks does end."""

import asyncio

import pytest

from contract import cancellation


class ConnectionBroke(Exception):
    pass


async def _connection_breaks(may: asyncio.Event) -> None:
    await may.wait()
    raise ConnectionBroke


async def _go_on_for_ever(may: asyncio.Event, *, heeding: bool) -> None:
    for _ in range(3):
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_connection_breaks(may))
                both.create_task(asyncio.sleep(60))
        except* ConnectionBroke:
            pass
        if heeding:
            cancellation.heed()


@pytest.mark.parametrize("heeding", [True, False])
async def test_cancelled_loop_ends_though_its_connection_breaks_in_that_moment(heeding: bool) -> None:
    may = asyncio.Event()
    loop = asyncio.create_task(_go_on_for_ever(may, heeding=heeding))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    may.set()
    loop.cancel()
    await asyncio.wait([loop], timeout=5)
    assert loop.cancelled() is heeding  # without heeding it, Python 3.11 goes round three times and returns


async def test_nothing_happens_to_a_task_that_may_go_on() -> None:
    cancellation.heed()
    assert asyncio.current_task() is not None
