"""Endless batches of freshly rendered lines of like width; each line is used twice, each time worn a little anew."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from models.reader.charset import HEIGHT_PX, STRIDE_PX, encode, normalise
from models.reader.render import Sample

__all__ = ["Batch", "SampleSource", "batches", "collate"]

_CHUNK_LINES = 1536
_BATCH_COLUMNS = 14336
_MOST_LINES = 96
_WIDTH_STEP_PX = 32


class SampleSource(Protocol):
    """Gives the next training line."""

    def __call__(self, rng: random.Random) -> Sample: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Lines [N, 1, 40, W], their classes end to end, and the lengths of both in characters and net steps."""

    lines: Tensor
    targets: Tensor
    target_lengths: Tensor
    steps: Tensor


def batches(seed: int, source: SampleSource) -> Iterator[Batch]:
    """Batches for ever: a new chunk of lines together with the chunk before it, in random order."""
    rng, noise = random.Random(seed), np.random.default_rng(seed)  # noqa: S311 - not for secrets
    before: list[Sample] = []
    while True:
        new = [source(rng) for _ in range(_CHUNK_LINES)]
        groups = _groups(sorted(before + new, key=lambda sample: sample.grey.shape[1]))
        rng.shuffle(groups)
        yield from (collate(group, noise) for group in groups)
        before = new


def _groups(samples: list[Sample]) -> list[list[Sample]]:
    """Consecutive lines cut so that every batch costs about the same."""
    groups: list[list[Sample]] = [[]]
    for sample in samples:
        columns = (len(groups[-1]) + 1) * sample.grey.shape[1]
        if groups[-1] and (columns > _BATCH_COLUMNS or len(groups[-1]) == _MOST_LINES):
            groups.append([])
        groups[-1].append(sample)
    return groups


def collate(samples: list[Sample], noise: np.random.Generator) -> Batch:
    """One batch: lines placed with a random left margin on a common width."""
    widest = max(sample.grey.shape[1] for sample in samples)
    width = -(-(widest + 4) // _WIDTH_STEP_PX) * _WIDTH_STEP_PX
    lines = np.empty((len(samples), 1, HEIGHT_PX, width), np.float32)
    steps = [_place(lines[i, 0], sample.grey, noise) for i, sample in enumerate(samples)]
    targets = [encode(sample.text) for sample in samples]
    return Batch(
        lines=torch.from_numpy(lines).contiguous(memory_format=torch.channels_last),
        targets=torch.tensor([cls for target in targets for cls in target]),
        target_lengths=torch.tensor([len(target) for target in targets]),
        steps=torch.tensor(steps),
    )


def _place(room: npt.NDArray[np.float32], grey: npt.NDArray[np.uint8], noise: np.random.Generator) -> int:
    line = normalise(_reworn(grey, noise))
    width = line.shape[1]
    left = int(noise.integers(0, min(8, room.shape[1] - width) + 1))
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
