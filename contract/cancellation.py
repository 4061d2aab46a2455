"""Heeding a cancellation that a group of tasks has swallowed."""

import asyncio


def heed() -> None:
    """Raise CancelledError if the current task was asked to end.

    Before Python 3.13 a TaskGroup loses its own cancellation where a child fails in the same moment; a loop that goes
    on after such a failure would then never end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
