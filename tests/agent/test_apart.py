"""Work in a process of its own: its answer, its exception, its death and its slowness come back as what they are."""

import os
import signal
import time

import psutil  # type: ignore[import-untyped]
import pytest

from agent.apart import WorkerCrashed, run_apart


def add(one: int, other: int = 1) -> tuple[int, int]:
    return one + other, os.getpid()


def refuse() -> None:
    raise ValueError("no")


def die() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def sleep() -> None:
    time.sleep(600)


def workers() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if "spawn_main" in " ".join(each.cmdline())]


async def test_answer_comes_from_another_process_that_is_gone() -> None:
    total, pid = await run_apart(60, add, 2, other=3)
    assert total == 5 and pid != os.getpid()
    assert not psutil.pid_exists(pid)


async def test_exception_is_raised_here() -> None:
    with pytest.raises(ValueError, match="no"):
        await run_apart(60, refuse)


async def test_death_is_told_with_its_signal() -> None:
    with pytest.raises(WorkerCrashed) as died:
        await run_apart(60, die)
    assert died.value.exit_code == -signal.SIGSEGV


async def test_work_that_does_not_end_is_ended() -> None:
    with pytest.raises(TimeoutError):
        await run_apart(1.0, sleep)
    assert workers() == []
