"""How the side finder learns: strips of scenes, cross-entropy of the row where the paper ends at each station."""

import random
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from agent.reading.engine import open_net
from models.pagefinder.levels import Levels, levels_of
from models.pagefinder.pool import Kept, Pool
from models.pagefinder.progress import Progress
from models.pagefinder.side_net import SideNet
from models.pagefinder.sides import examples_of
from models.pagefinder.strips import ACROSS, Pixels, Points

_PEAK_RATE = 3e-3
_OUTLINES = 4
_DESK, _KEPT_STEPS = 40, 2
"""Pictures are slow to decode: this many lie ready, and every other step changes one of them."""
_SPREAD_ROWS = 0.8
_PAGE_FINDER = Path(__file__).parents[1] / "page_finder.onnx"


class SideTask:
    """The side finder and what it learns."""

    def __init__(self) -> None:
        self.progress = Progress(SideNet(), SideNet(), _PEAK_RATE)
        self._page = open_net(_PAGE_FINDER, keeps_memory=True)
        self._desk: list[tuple[Pixels, Points, Levels]] = []

    def loss(self, pool: Pool, rng: random.Random) -> Tensor:
        """Return the loss of a fresh batch."""
        if len(self._desk) < _DESK or self.progress.step % _KEPT_STEPS == 0:
            if len(self._desk) >= _DESK:
                self._desk.pop(rng.randrange(_DESK))
            self._desk.append(self._ready(pool.some(rng)))
        some = [self._desk[-1], *rng.choices(self._desk, k=_OUTLINES - 1)]
        batch = [example for scene in some for example in examples_of(*scene, rng)]
        planes = torch.from_numpy(np.stack([example.planes for example in batch]))
        rows = torch.from_numpy(np.stack([example.rows for example in batch]))
        counts = torch.from_numpy(np.stack([example.counts for example in batch]))
        return _loss(self.progress.logits(planes), rows, counts)

    def _ready(self, kept: Kept) -> tuple[Pixels, Points, Levels]:
        """Return a scene's picture, its true sides, and what the page finder says of its paper."""
        (layers,) = self._page.run(None, {"x": levels_of(kept.square)[None]})[0]
        return kept.pixels(), kept.sides, layers[0]


def _loss(logits: Tensor, rows: Tensor, counts: Tensor) -> Tensor:
    away = torch.arange(ACROSS) - rows[..., None]
    due = torch.softmax(-0.5 * (away / _SPREAD_ROWS) ** 2, dim=2)
    entropy = -(due * torch.log_softmax(logits, dim=2)).sum(dim=2)
    return (entropy * counts).sum() / counts.sum().clamp(min=1)
