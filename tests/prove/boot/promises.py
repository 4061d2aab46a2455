"""The promises of a booted machine: played one after the other, told with the seconds since the start."""

import time
from collections.abc import Callable, Sequence

from tests.prove.boot.machine import MachineFailed

_BEGAN_S = time.monotonic()


def say(what: str) -> None:
    """Print a line with the seconds since the start."""
    print(f"[{time.monotonic() - _BEGAN_S:6.1f} s] {what}", flush=True)


def play(
    promises: Sequence[Callable[..., str]], *given: object, faults: tuple[type[Exception], ...] = (MachineFailed,)
) -> int:
    """Play each with what is `given` and tell what it says; return how many were broken by one of `faults`."""
    broken = 0
    for promise in promises:
        name = promise.__name__.replace("_", " ")
        say(f"{name} …")
        try:
            say(f"{name}: {promise(*given)}")
        except faults as failed:
            broken += 1
            say(f"BROKEN: {name}: {failed}")
    say(f"{len(promises) - broken} of {len(promises)} ended as promised")
    return broken
