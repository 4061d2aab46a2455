"""Train a finder: ``python -m models.pagefinder.train page|side --minutes N --seed S --out DIR [--pool DIR]``.

One process draws photographs into the pool and another learns from them; the rate follows a cosine over the wall
clock. ``side`` needs the page finder's weights (models/page_finder.onnx), for its strips show what that says.
"""

import argparse
import logging
import multiprocessing
import random
import time
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import torch

from models.pagefinder.learn_page import PageTask
from models.pagefinder.learn_side import SideTask
from models.pagefinder.pool import Pool, fill
from models.pagefinder.progress import Progress

_FIRST_SCENES = 60
_SCENES = 100_000
_REFRESH_STEPS = 20
_REPORT_STEPS = 50
_SAVE_STEPS = 200
_LOG = logging.getLogger("train")


class Task(Protocol):
    """What a net learns: its progress, and the loss of a batch of scenes."""

    progress: Progress

    def loss(self, pool: Pool, rng: random.Random) -> torch.Tensor:
        """Return the loss of a fresh batch."""
        ...


TASKS = {"page": PageTask, "side": SideTask}


def train(task: Task, pool: Pool, minutes: float, seed: int, out: Path) -> None:
    """Step and report until so many minutes are over; `pool` may grow meanwhile."""
    rng, losses = random.Random(seed), list[float]()  # noqa: S311 - not for secrets
    while len(pool.scenes) < _FIRST_SCENES:
        time.sleep(2)
        pool.refresh()
    began = time.monotonic()
    while (spent := (time.monotonic() - began) / 60) < minutes:
        if task.progress.step % _REFRESH_STEPS == 0:
            pool.refresh()
        losses.append(task.progress.learn(task.loss(pool, rng), spent / minutes))
        if task.progress.step % _REPORT_STEPS == 0:
            recent = float(np.mean(losses[-_REPORT_STEPS:]))
            _LOG.info("min %.1f step %d scenes %d loss %.4f", spent, task.progress.step, len(pool.scenes), recent)
        if task.progress.step % _SAVE_STEPS == 0:
            task.progress.save(out / "state.pt")
    task.progress.save(out / "state.pt")


def main() -> None:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("net", choices=TASKS)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pool", type=Path, help="a pool that is drawn by others already")
    parser.add_argument("--resume", type=Path, help="averaged weights to start from")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(chosen.seed)
    task: Task = TASKS[chosen.net]()
    if chosen.resume:
        task.progress.load(chosen.resume)
    folder = chosen.pool or chosen.out / "pool"
    if not chosen.pool:
        multiprocessing.Process(target=fill, args=(folder, chosen.seed, _SCENES), daemon=True).start()
    train(task, Pool(folder), chosen.minutes, chosen.seed, chosen.out)


if __name__ == "__main__":
    main()
