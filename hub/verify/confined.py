"""Judging a stranger's file in a process of its own, with little memory, little time and nothing in reach.

The parsers are large programs in C; a file made for it may crash them, fill the memory or never end. The process knows
the file and the published trust statement, nothing else of the hub: it is forked from a server that never saw a key.
"""

import logging
import multiprocessing
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BoundedSemaphore, Timer

import msgspec

from hub.verify import judge, trust
from hub.verify.values import Reason, Verdict

log = logging.getLogger(__name__)

TIME_S = 20.0
MEMORY_BYTES = 1 << 30
"""What one file may take beyond the libraries themselves."""

AT_ONCE = 2
PATIENCE_S = 30.0
_START_S = 120.0
_LONGEST_VERDICT = 1 << 20

_forks = multiprocessing.get_context("forkserver")
_places = BoundedSemaphore(AT_ONCE)


class Busy(Exception):
    """Too many files are being checked; ask again."""


def warm_up() -> None:
    """Load the parsers once; every later check is a fork of that."""
    _forks.set_forkserver_preload(["__main__", __name__])


def judged(data: bytes, statement: bytes) -> Verdict:
    """Return the verdict on a file under the trust statement (JSON); raise Busy.

    A file that takes too much, or brings the parser down, gets an open question (`TOO_COSTLY`).
    """
    with _place():
        answer = _asked(data, statement)
    if answer is None:
        return judge.open_question(Reason.TOO_COSTLY, "the file took more time or memory than one file may")
    return msgspec.json.decode(answer, type=Verdict)


def _asked(data: bytes, statement: bytes) -> bytes | None:
    ours, theirs = _forks.Pipe()
    child = _forks.Process(target=_serve, args=(theirs,), daemon=True)
    child.start()
    theirs.close()
    watch = Timer(TIME_S, child.kill)
    try:
        if not ours.poll(_START_S):
            return None
        ours.recv_bytes(1)
        watch.start()
        ours.send_bytes(statement)
        ours.send_bytes(data)
        return ours.recv_bytes(_LONGEST_VERDICT)
    except (EOFError, OSError):
        child.join(1)
        log.warning(
            "a file that was to be checked ended its process (exit code %s); it gets no verdict", child.exitcode
        )
        return None
    finally:
        watch.cancel()
        child.kill()
        child.join()
        child.close()
        ours.close()


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=PATIENCE_S):
        raise Busy
    try:
        yield
    finally:
        _places.release()


def _serve(pipe: Connection) -> None:
    """The child: one file, one verdict."""
    _confine()
    pipe.send_bytes(b".")
    statement, data = pipe.recv_bytes(), pipe.recv_bytes()
    pipe.send_bytes(msgspec.json.encode(judge.judge(data, trust.parse(statement))))


def _confine() -> None:
    """Give up what a check does not need: memory, time, writing files, and the hub's log (a paper's words stay out)."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for limit, most in (
        (resource.RLIMIT_AS, in_use + MEMORY_BYTES),
        (resource.RLIMIT_CPU, int(TIME_S)),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
