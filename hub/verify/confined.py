"""Judging a stranger's file in a process of its own, with little memory, little time and nothing in reach.

The parsers are large programs in C; a file made for it may crash them, fill the memory or never end. The process knows
the file and the published trust statement, nothing else of the hub: it is forked from a server that never saw a key.
"""

import logging
import multiprocessing
import os
import resource
from collections.abc import Callable, Iterator, Sequence
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
Work = Callable[[Sequence[bytes]], bytes]
_START_S = 120.0
_LONGEST_ANSWER = 1 << 20

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
    answer = answered(judge_parts, (statement, data), time_s=TIME_S)
    if answer is None:
        return judge.open_question(Reason.TOO_COSTLY, "the file took more time or memory than one file may")
    return msgspec.json.decode(answer, type=Verdict)


def judge_parts(parts: Sequence[bytes]) -> bytes:
    """Return the verdict (JSON) on a trust statement and a file."""
    statement, data = parts
    return msgspec.json.encode(judge.judge(data, trust.parse(statement)))


def answered(work: Work, parts: Sequence[bytes], *, time_s: float) -> bytes | None:
    """Return what `work` makes of `parts` in a process of its own, None where it took too much; raise Busy.

    `work` is a function of a module; at most 1 MiB of answer is taken.
    """
    with _place():
        return _asked(work, parts, time_s)


def _asked(work: Work, parts: Sequence[bytes], time_s: float) -> bytes | None:
    ours, theirs = _forks.Pipe()
    child = _forks.Process(target=_serve, args=(theirs, work, len(parts), time_s), daemon=True)
    child.start()
    theirs.close()
    watch = Timer(time_s, child.kill)
    try:
        if not ours.poll(_START_S):
            return None
        ours.recv_bytes(1)
        watch.start()
        for part in parts:
            ours.send_bytes(part)
        return ours.recv_bytes(_LONGEST_ANSWER)
    except (EOFError, OSError):
        child.join(1)
        log.warning("a file that was to be checked ended its process (exit code %s); it gets no answer", child.exitcode)
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


def _serve(pipe: Connection, work: Work, count: int, time_s: float) -> None:
    """The child: one file, one answer."""
    _confine(time_s)
    pipe.send_bytes(b".")
    pipe.send_bytes(work([pipe.recv_bytes() for _ in range(count)]))


def _confine(time_s: float = TIME_S) -> None:
    """Give up what a check does not need: memory, time, writing files, and the hub's log (a paper's words stay out)."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for limit, most in (
        (resource.RLIMIT_AS, in_use + MEMORY_BYTES),
        (resource.RLIMIT_CPU, max(1, int(time_s))),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
