"""Work beside a test that is seen to fail: nobody waits for what a dead worker was to do."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def beside(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run `work` while the block lasts; where a part of it ends by a fault, so does the block, with that fault."""
    async with asyncio.TaskGroup() as group:
        workers = [group.create_task(each) for each in work]
        yield
        for worker in workers:
            worker.cancel()
