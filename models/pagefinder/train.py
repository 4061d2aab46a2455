"""Train a finder: ``python -m models.pagefinder.train page|side --minutes N --seed S --out DIR [--pool DIR]``.

One process draws photographs into the pool and another learns from them; the rate follows a cosine over the wall
clock. ``side`` needs the page finder's weights (models/page_finder.onnx), for its strips show what that says.
"""

import argparse
import logging
import os
import random
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import torch
import torch.distributed as dist
from torch import multiprocessing

from models.pagefinder.learn_page import PageTask
from models.pagefinder.learn_side import SideTask
from models.pagefinder.pool import Pool, fill
from models.pagefinder.progress import Progress

_FIRST_SCENES = 60
_NICE = 15
_MEETING_STEPS = 5
_SCENES = 100_000
_REPORT_STEPS = 20
_LOG = logging.getLogger("train")


class Task(Protocol):
    """What a net learns: its progress, and the loss of a batch of scenes."""

    progress: Progress

    def loss(self, pool: Pool, rng: random.Random) -> torch.Tensor:
        """Return the loss of a fresh batch."""
        ...


TASKS: Mapping[str, type[PageTask | SideTask]] = {"page": PageTask, "side": SideTask}


def train(task: Task, pool: Pool, minutes: float, rng: random.Random, out: Path | None) -> None:
    """Step until so many minutes are over; `pool` may grow meanwhile; one of several learners reports and saves."""
    losses = list[float]()
    began = time.monotonic()
    fraction = 0.0
    while fraction < 1:
        if task.progress.step % _MEETING_STEPS == 0:
            fraction = _together((time.monotonic() - began) / 60 / minutes)
            pool.refresh()
        losses.append(task.progress.learn(task.loss(pool, rng), fraction))
        if out and task.progress.step % _REPORT_STEPS == 0:
            recent = float(np.mean(losses[-_REPORT_STEPS:]))
            _LOG.info("%.3f step %d scenes %d loss %.4f", fraction, task.progress.step, len(pool.scenes), recent)
            task.progress.save(out / "state.pt")
    if out:
        task.progress.save(out / "state.pt")


def _together(fraction: float) -> float:
    """Return the largest of the learners' fractions, so that all stop at the same step."""
    if not dist.is_initialized():
        return fraction
    latest = torch.tensor([fraction])
    dist.all_reduce(latest, dist.ReduceOp.MAX)
    return float(latest)


def _learn(number: int, chosen: argparse.Namespace, task: Task, pool: Pool) -> None:
    if chosen.learners > 1:
        place = f"file://{(chosen.out / 'meeting').resolve()}"
        dist.init_process_group("gloo", init_method=place, rank=number, world_size=chosen.learners)
    rng = random.Random(f"{chosen.seed}/{number}")  # noqa: S311 - not for secrets
    train(task, pool, chosen.minutes, rng, None if number else chosen.out)


def main() -> None:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("net", choices=TASKS)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--learners", type=int, default=1, help="how many processes share the learning")
    parser.add_argument("--pool", type=Path, help="a pool that is drawn by others already")
    parser.add_argument("--resume", type=Path, help="averaged weights to start from")
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    (chosen.out / "meeting").unlink(missing_ok=True)
    folder = chosen.pool or chosen.out / "pool"
    if not chosen.pool:
        multiprocessing.Process(target=fill, args=(folder, chosen.seed, _SCENES), daemon=True).start()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(chosen.seed)
    task: Task = TASKS[chosen.net]()
    if chosen.resume:
        task.progress.load(chosen.resume)
    pool = Pool(folder)
    while len(pool.scenes) < _FIRST_SCENES:
        time.sleep(2)
        pool.refresh()
    os.nice(max(0, _NICE - os.nice(0)))
    multiprocessing.start_processes(_learn, args=(chosen, task, pool), nprocs=chosen.learners, start_method="fork")


if __name__ == "__main__":
    main()
