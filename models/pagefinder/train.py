"""Train the page finder: ``python -m models.pagefinder.train --minutes N --seed S --out DIR [--resume STATE]``.

One process draws scenes and another learns from them; the rate follows a cosine over the wall clock.
"""

from __future__ import annotations

import argparse
import logging
import math
import multiprocessing
import random
import time
from multiprocessing.queues import Queue
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from models.pagefinder.levels import levels_of
from models.pagefinder.net import PageNet
from models.pagefinder.scenes import Scene, Studio, varied

_PEAK_RATE = 3e-3
_WARM_STEPS = 60
_DECAY = 0.995
_BATCH = 8
_FIRST_SCENES = 60
_WAITING = 40
_REPORT_STEPS = 50
_SAVE_STEPS = 200
_LOG = logging.getLogger("train")


class Progress:
    """The net, its running average and its optimiser."""

    def __init__(self, seed: int) -> None:
        torch.manual_seed(seed)
        self.net = PageNet().to(memory_format=torch.channels_last)
        self.average = PageNet()
        self.average.load_state_dict(self.net.state_dict())
        self.optimiser = torch.optim.AdamW(self.net.parameters(), _PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01)
        self.step = 0

    def load(self, file: Path) -> None:
        """Start from saved weights, with a fresh optimiser."""
        for net in (self.net, self.average):
            net.load_state_dict(torch.load(file, weights_only=True))

    def save(self, file: Path) -> None:
        """Write the averaged weights; a reader never sees half a file."""
        file.parent.mkdir(parents=True, exist_ok=True)
        torch.save(self.average.state_dict(), file.with_suffix(".new"))
        file.with_suffix(".new").replace(file)


def train(minutes: float, seed: int, out: Path, resume: Path | None = None) -> None:
    """Draw, step and report until so many minutes are over; `resume` names the averaged weights to start from."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    progress, rng, losses = Progress(seed), random.Random(seed), list[float]()  # noqa: S311 - not for secrets
    if resume:
        progress.load(resume)
    fresh: Queue[Scene] = multiprocessing.Queue(_WAITING)
    drawer = multiprocessing.Process(target=_draw, args=(seed, fresh), daemon=True)
    drawer.start()
    scenes = [fresh.get() for _ in range(_FIRST_SCENES)]
    began = time.monotonic()
    while (spent := (time.monotonic() - began) / 60) < minutes:
        while not fresh.empty():
            scenes.append(fresh.get())
        batch = [varied(scene, rng) for scene in (*rng.choices(scenes, k=_BATCH - 1), scenes[-1])]
        losses.append(_step(progress, batch, spent / minutes))
        if progress.step % _REPORT_STEPS == 0:
            _LOG.info("min %.1f step %d loss %.4f", spent, progress.step, np.mean(losses[-_REPORT_STEPS:]))
        if progress.step % _SAVE_STEPS == 0:
            progress.save(out / "state.pt")
    progress.save(out / "state.pt")
    drawer.terminate()


def _draw(seed: int, fresh: Queue[Scene]) -> None:
    cv2.setNumThreads(1)
    studio = Studio(seed)
    while True:
        fresh.put(studio.scene())


def _step(progress: Progress, batch: list[Scene], fraction: float) -> float:
    rate = _PEAK_RATE * min(1, (progress.step + 1) / _WARM_STEPS) * (0.5 * (1 + math.cos(math.pi * fraction)) + 0.003)
    for group in progress.optimiser.param_groups:
        group["lr"] = rate
    squares = np.stack([levels_of(scene.square) for scene in batch])
    levels = torch.from_numpy(squares).contiguous(memory_format=torch.channels_last)
    masks = torch.from_numpy(np.stack([scene.layers.transpose(2, 0, 1) for scene in batch])).float() / 255
    progress.net.train()
    with torch.autocast("cpu", torch.bfloat16):
        logits = progress.net(levels)
    loss = _loss(logits.float(), masks)
    progress.optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(progress.net.parameters(), 2.0)
    progress.optimiser.step()
    progress.step += 1
    _follow(progress)
    return float(loss.detach())


def _loss(logits: Tensor, masks: Tensor) -> Tensor:
    """Cross-entropy of each layer, and Dice of the papers."""
    entropy = nn.functional.binary_cross_entropy_with_logits(logits, masks)
    chances = logits[:, :2].sigmoid()
    both = (chances * masks[:, :2]).sum((2, 3))
    dice = 1 - (2 * both + 20) / (chances.sum((2, 3)) + masks[:, :2].sum((2, 3)) + 20)
    return entropy + 0.3 * dice.mean()


def _follow(progress: Progress) -> None:
    keep = min(_DECAY, (1 + progress.step) / (10 + progress.step))
    with torch.no_grad():
        for mine, theirs in zip(
            progress.average.state_dict().values(), progress.net.state_dict().values(), strict=True
        ):
            if mine.dtype.is_floating_point:
                mine.lerp_(theirs, 1 - keep)
            else:
                mine.copy_(theirs)


def main() -> None:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--resume", type=Path)
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    train(chosen.minutes, chosen.seed, chosen.out, chosen.resume)


if __name__ == "__main__":
    main()
