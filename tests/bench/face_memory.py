"""How much memory the comparison of faces takes, in a process of its own."""

import multiprocessing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_SPAWN = multiprocessing.get_context("spawn")
_FRAMES = 20


def peak_mb(frame: NDArray[np.uint8] | None) -> float:
    """Return the largest resident set of a fresh process that takes portraits and frames, or that does nothing.

    Linux's VmHWM: ru_maxrss would still hold what the parent had when it started the process.
    """
    with _SPAWN.Pool(1) as pool:
        return pool.apply(_peak, (frame,))


def _peak(frame: NDArray[np.uint8] | None) -> float:
    if frame is not None:
        from agent.identity.face.values import Reference
        from agent.identity.face.verifier import FaceVerifier

        with FaceVerifier() as verifier:
            for reference in Reference:
                verifier.take_portrait(frame, reference)
            for _ in range(_FRAMES):
                verifier.look(frame)
            verifier.compare()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
