"""One piece of work in a process of its own: its memory is given back and its faults stay there, whatever happens."""

import asyncio
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_SPAWN = multiprocessing.get_context("spawn")
_END_S = 2.0


class WorkerCrashed(Exception):
    """The process ended before it had an answer; `exit_code` below zero is the signal that ended it."""

    def __init__(self, exit_code: int | None) -> None:
        self.exit_code = exit_code
        super().__init__(f"the worker process ended with {exit_code}")


async def run_apart(within_s: float, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Return what `work`, a function of a module, returns in a process that ends with it.

    Arguments, answer and exceptions are pickled. Raises what the work raises, TimeoutError or WorkerCrashed.
    """
    ours, theirs = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=_serve, args=(theirs, work, given, named), name="tram-apart", daemon=True)
    try:
        await asyncio.to_thread(process.start)
        theirs.close()
        if not await asyncio.to_thread(ours.poll, within_s):
            raise TimeoutError
        try:
            answer, fault = await asyncio.to_thread(ours.recv)
        except EOFError:
            await asyncio.to_thread(process.join, _END_S)
            raise WorkerCrashed(process.exitcode) from None
        if fault is not None:
            raise fault
        result: T = answer
        return result
    finally:
        ours.close()
        if process.pid is not None:
            process.kill()
            await asyncio.to_thread(process.join, _END_S)


def _serve(told: Connection, work: Callable[..., object], given: tuple[object, ...], named: dict[str, object]) -> None:
    try:
        told.send((work(*given, **named), None))
    except Exception as fault:  # noqa: BLE001 - it is raised where the work was asked for
        told.send((None, fault))
