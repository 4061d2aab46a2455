"""Endless batches of freshly rendered lines of like width; lines that were hard to read come back."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from models.reader.charset import HEIGHT_PX, STRIDE_PX, encode, normalise
from models.reader.render import Sample

__all__ = ["Batch", "Batches", "SampleSource", "collate"]

_POOL_LINES = 2000
_SHARE_AGAIN = 0.15
_UNREADABLE_LOSS = 0.8
_LOSS_MEMORY = 0.05
_BATCH_COLUMNS = 14336
_MOST_LINES = 96
_WIDTH_STEP_PX = 64
_LEAST_MARGIN_PX = 4
_BATCHES_KEPT = 64


class SampleSource(Protocol):
    """Gives the next training line."""

    def __call__(self, rng: random.Random) -> Sample:
        """A line that depends on ``rng`` only."""
        ...


@dataclass(slots=True, kw_only=True)
class Batch:
    """Lines [N, 1, 40, W], their classes end to end, lengths of both in characters and net steps, and the samples.

    `wanted` [N, T, C] is what a teacher says of them, once it was asked.
    """

    lines: Tensor
    targets: Tensor
    target_lengths: Tensor
    steps: Tensor
    samples: tuple[Sample, ...]
    wanted: Tensor | None = None


class Batches:
    """Batches for ever, of few shapes (a new shape costs the processor more than a step) and of like cost.

    Each is given `uses` times, with others between.
    """

    def __init__(self, seed: int, source: SampleSource, uses: int = 1) -> None:
        self._rng, self._noise = random.Random(seed), np.random.default_rng(seed)  # noqa: S311 - not for secrets
        self._source = source
        self._waiting: dict[int, list[Sample]] = {}
        self._hard: list[Sample] = []
        self._usual_loss = _UNREADABLE_LOSS
        self._uses_left = uses - 1
        self._again: list[tuple[Batch, int]] = []

    def draw(self) -> Batch:
        """A new batch, or one that was given some time ago."""
        if len(self._again) < _BATCHES_KEPT:
            batch, left = self._drawn(), self._uses_left
        else:
            batch, left = self._again.pop(self._rng.randrange(len(self._again)))
        if left:
            self._again.append((batch, left - 1))
        return batch

    def _drawn(self) -> Batch:
        """A new batch; among its lines some that were hard to read."""
        while True:
            again = self._hard and self._rng.random() < _SHARE_AGAIN
            sample = self._hard.pop() if again else self._source(self._rng)
            width = -(-(sample.grey.shape[1] + _LEAST_MARGIN_PX) // _WIDTH_STEP_PX) * _WIDTH_STEP_PX
            group = self._waiting.setdefault(width, [])
            group.append(sample)
            if len(group) == min(_MOST_LINES, _BATCH_COLUMNS // width):
                return collate(self._waiting.pop(width), width, self._noise)

    def learn(self, batch: Batch, losses: Sequence[float]) -> None:
        """Keep the lines whose loss was above the usual, but not those that wear has made unreadable."""
        self._usual_loss += _LOSS_MEMORY * (float(np.median(losses)) - self._usual_loss)
        for sample, loss in zip(batch.samples, losses, strict=True):
            if self._usual_loss < loss < _UNREADABLE_LOSS:
                self._keep(sample)

    def _keep(self, sample: Sample) -> None:
        at = self._rng.randint(0, len(self._hard))
        self._hard.insert(at, sample)
        del self._hard[_POOL_LINES:]


def collate(samples: list[Sample], width: int, noise: np.random.Generator) -> Batch:
    """One batch: lines placed with a random left margin on a common width in pixels."""
    lines = np.empty((len(samples), 1, HEIGHT_PX, width), np.float32)
    steps = [_place(lines[i, 0], sample.grey, noise) for i, sample in enumerate(samples)]
    targets = [encode(sample.text) for sample in samples]
    return Batch(
        lines=torch.from_numpy(lines).contiguous(memory_format=torch.channels_last),
        targets=torch.tensor([cls for target in targets for cls in target]),
        target_lengths=torch.tensor([len(target) for target in targets]),
        steps=torch.tensor(steps),
        samples=tuple(samples),
    )


def _place(room: npt.NDArray[np.float32], grey: npt.NDArray[np.uint8], noise: np.random.Generator) -> int:
    line = normalise(_reworn(grey, noise))
    width = line.shape[1]
    left = int(noise.integers(0, min(12, room.shape[1] - width) + 1))
    room[:, :left] = np.median(line[:, :2])
    room[:, left : left + width] = line
    room[:, left + width :] = np.median(line[:, -2:])
    return min(room.shape[1], left + width + 8) // STRIDE_PX


def _reworn(grey: npt.NDArray[np.uint8], noise: np.random.Generator) -> npt.NDArray[np.uint8]:
    line = grey.astype(np.float32)
    if noise.random() < 0.5:
        line = 255 * (line / 255) ** noise.uniform(0.7, 1.4)
    if noise.random() < 0.3:
        line = line + noise.standard_normal(line.shape, dtype=np.float32) * noise.uniform(1, 9)
    if noise.random() < 0.25:
        line = np.roll(line, int(noise.integers(-1, 2)), 0)
    return np.clip(line, 0, 255).astype(np.uint8)
