"""How the side finder learns: strips of scenes, cross-entropy of the row where the paper ends at each station."""

import random
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from torch import Tensor

from models.pagefinder.levels import Levels, levels_of
from models.pagefinder.pool import Kept, Pool
from models.pagefinder.progress import Progress
from models.pagefinder.side_net import SideNet
from models.pagefinder.sides import Example, examples_of
from models.pagefinder.strips import ACROSS

_PEAK_RATE = 3e-3
_SCENES, _OUTLINES = 3, 2
_SPREAD_ROWS = 0.8
_PAGE_FINDER = Path(__file__).parents[1] / "page_finder.onnx"


class SideTask:
    """The side finder and what it learns."""

    def __init__(self) -> None:
        self.progress = Progress(SideNet(), SideNet(), _PEAK_RATE)
        self._page = ort.InferenceSession(str(_PAGE_FINDER), providers=["CPUExecutionProvider"])
        self._chances: dict[int, Levels] = {}

    def loss(self, pool: Pool, rng: random.Random) -> Tensor:
        """Return the loss of a fresh batch."""
        batch: list[Example] = []
        for _ in range(_SCENES):
            kept = pool.some(rng)
            pixels, chances = kept.pixels(), self._seen(kept)
            for _ in range(_OUTLINES):
                batch += examples_of(pixels, kept.sides, chances, rng)
        planes = torch.from_numpy(np.stack([example.planes for example in batch]))
        rows = torch.from_numpy(np.stack([example.rows for example in batch]))
        counts = torch.from_numpy(np.stack([example.counts for example in batch]))
        return _loss(self.progress.logits(planes), rows, counts)

    def _seen(self, kept: Kept) -> Levels:
        """Return what the page finder says of a scene's paper."""
        if id(kept) not in self._chances:
            (layers,) = self._page.run(None, {"x": levels_of(kept.square)[None]})[0]
            self._chances[id(kept)] = layers[0]
        return self._chances[id(kept)]


def _loss(logits: Tensor, rows: Tensor, counts: Tensor) -> Tensor:
    away = torch.arange(ACROSS) - rows[..., None]
    due = torch.softmax(-0.5 * (away / _SPREAD_ROWS) ** 2, dim=2)
    entropy = -(due * torch.log_softmax(logits, dim=2)).sum(dim=2)
    return (entropy * counts).sum() / counts.sum().clamp(min=1)
