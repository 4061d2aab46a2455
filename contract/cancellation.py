"""Work in a task of its own, so that whoever waits for it can always be told to end."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def apart(work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns, or raise what it raises; cancelled, let it end first and then end.

    Before Python 3.13 a TaskGroup loses its caller's cancellation where one of its children fails in the same moment; a
    loop that goes on after such a failure would then never end. So it is with a connection whose closing fails while
    it is cancelled: the failure is raised in the cancellation's place.
    """
    task = asyncio.create_task(work)
    try:
        await asyncio.wait([task])
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
    return task.result()
