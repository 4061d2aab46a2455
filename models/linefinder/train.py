"""Train the line finder: ``python -m models.linefinder.train --minutes N --seed S --out DIR``.

One process draws its own pages and learns from squares cut out of them; the rate follows a cosine over the wall clock.
"""

import argparse
import logging
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from agent.reading.levels import normalise
from models.linefinder.net import FinderNet
from models.linefinder.pages import Page, Studio, draw_page, photographed
from models.linefinder.papers import draw_paper

__all__ = ["Options", "Pool", "Progress", "main", "train"]

_PEAK_RATE = 3e-3
_WARM_STEPS = 100
_EMA_DECAY = 0.997
_SQUARE_PX = 448
_PAGES_A_STEP = 3
_SQUARES_A_PAGE = 2
_POOL_PAGES = 160
_SPECIMEN_SHARE = 0.2
_REPORT_STEPS = 50
_SAVE_STEPS = 250
Levels = npt.NDArray[np.float32]
_LOG = logging.getLogger("train")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a run is given on its command line."""

    minutes: float
    seed: int
    out: Path
    resume: Path | None


class Pool:
    """Pages drawn so far; every step one is drawn anew, and each is photographed differently whenever it is used."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - not for secrets
        self._studio = Studio(seed)
        self._pages: list[Page] = [draw_page(self._studio, self._rng) for _ in range(8)]

    def batch(self) -> tuple[Tensor, Tensor]:
        """Return squares [N, 1, S, S] and their cores [N, 1, S/2, S/2] in 0..1."""
        self._renew()
        chosen = self._rng.sample(self._pages, _PAGES_A_STEP)
        squares = [square for page in chosen for square in self._squares(photographed(page, self._rng))]
        inputs = torch.from_numpy(np.stack([levels for levels, _ in squares])[:, None])
        cores = torch.from_numpy(np.stack([cores for _, cores in squares])[:, None])
        return inputs.contiguous(memory_format=torch.channels_last), cores

    def _renew(self) -> None:
        specimen = self._rng.random() < _SPECIMEN_SHARE
        page = draw_paper(self._rng) if specimen else draw_page(self._studio, self._rng)
        if len(self._pages) < _POOL_PAGES:
            self._pages.append(page)
        else:
            self._pages[self._rng.randrange(_POOL_PAGES)] = page

    def _squares(self, page: Page) -> list[tuple[Levels, Levels]]:
        levels = normalise(page.grey)
        height, width = (side // 2 for side in levels.shape)
        half, found = _SQUARE_PX // 2, []
        for _ in range(_SQUARES_A_PAGE):
            top, left = self._rng.randint(0, height - half), self._rng.randint(0, width - half)
            cores = page.cores[top : top + half, left : left + half].astype(np.float32) / 255
            found.append((levels[2 * top : 2 * (top + half), 2 * left : 2 * (left + half)], cores))
        return found


class Progress:
    """Weights, their running average and optimiser: what a later run needs to go on."""

    def __init__(self, seed: int) -> None:
        torch.manual_seed(seed)
        self.net = FinderNet().to(memory_format=torch.channels_last)
        self.average = FinderNet()
        self.average.load_state_dict(self.net.state_dict())
        self.optimiser = torch.optim.AdamW(self.net.parameters(), _PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01)
        self.step, self.minutes = 0, 0.0

    def save(self, file: Path) -> None:
        """Write the state; a reader never sees half a file."""
        parts = {"net": self.net, "average": self.average, "optimiser": self.optimiser}
        state = {name: part.state_dict() for name, part in parts.items()}
        file.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state | {"step": self.step, "minutes": self.minutes}, file.with_suffix(".new"))
        file.with_suffix(".new").replace(file)

    def load(self, file: Path) -> None:
        """Go on from a saved state."""
        state = torch.load(file, weights_only=True)
        for name, part in (("net", self.net), ("average", self.average), ("optimiser", self.optimiser)):
            part.load_state_dict(state[name])
        self.step, self.minutes = state["step"], state["minutes"]


def train(options: Options) -> None:
    """Draw, step and report until the minutes are over."""
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    progress = Progress(options.seed)
    if options.resume:
        progress.load(options.resume)
    pool, losses = Pool(options.seed * 1000 + progress.step), list[float]()
    began = time.monotonic() - 60 * progress.minutes
    while progress.minutes < options.minutes:
        losses.append(_step(progress, *pool.batch(), fraction=progress.minutes / options.minutes))
        progress.minutes = (time.monotonic() - began) / 60
        _report(progress, losses, options.out / "state.pt")
    progress.save(options.out / "state.pt")


def _report(progress: Progress, losses: Sequence[float], file: Path) -> None:
    if progress.step % _REPORT_STEPS == 0:
        _LOG.info("min %.1f step %d loss %.4f", progress.minutes, progress.step, np.mean(losses[-_REPORT_STEPS:]))
    if progress.step % _SAVE_STEPS == 0:
        progress.save(file)


def _step(progress: Progress, inputs: Tensor, cores: Tensor, *, fraction: float) -> float:
    rate = _PEAK_RATE * min(1, (progress.step + 1) / _WARM_STEPS) * (0.5 * (1 + math.cos(math.pi * fraction)) + 0.003)
    for group in progress.optimiser.param_groups:
        group["lr"] = rate
    progress.net.train()
    with torch.autocast("cpu", torch.bfloat16):
        logits = progress.net(inputs)
    loss = _loss(logits.float(), cores)
    progress.optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(progress.net.parameters(), 2.0)
    progress.optimiser.step()
    progress.step += 1
    _follow(progress)
    return float(loss.detach())


def _loss(logits: Tensor, cores: Tensor) -> Tensor:
    """Cross-entropy, and the share of cores missed or invented (Dice), which keeps small lines from drowning."""
    entropy = nn.functional.binary_cross_entropy_with_logits(logits, cores)
    chances = torch.sigmoid(logits)
    common = (chances * cores).sum((1, 2, 3))
    dice = 1 - (2 * common + 50) / (chances.sum((1, 2, 3)) + cores.sum((1, 2, 3)) + 50)
    return entropy + 0.3 * dice.mean()


def _follow(progress: Progress) -> None:
    decay = min(_EMA_DECAY, (progress.step + 1) / (progress.step + 20))
    with torch.no_grad():
        for slow, fast in zip(progress.average.state_dict().values(), progress.net.state_dict().values(), strict=True):
            slow.lerp_(fast, 1 - decay) if slow.dtype.is_floating_point else slow.copy_(fast)


def main() -> None:
    """Train as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, required=True, help="length of the whole run by the wall clock")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("build/linefinder"))
    parser.add_argument("--resume", type=Path, help="state.pt of an earlier run")
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO)
    train(Options(**vars(parser.parse_args())))


if __name__ == "__main__":
    main()
