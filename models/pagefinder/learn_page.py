"""How the page finder learns: squares of scenes, cross-entropy of each layer, and Dice of the papers."""

import random

import numpy as np
import torch
from torch import Tensor, nn

from models.pagefinder.levels import levels_of
from models.pagefinder.net import PageNet
from models.pagefinder.pool import Pool
from models.pagefinder.progress import Progress
from models.pagefinder.scenes import Scene, varied

_PEAK_RATE = 3e-3
_BATCH = 8


class PageTask:
    """The page finder and what it learns."""

    def __init__(self) -> None:
        self.progress = Progress(PageNet(), PageNet(), _PEAK_RATE)

    def loss(self, pool: Pool, rng: random.Random) -> Tensor:
        """Return the loss of a fresh batch."""
        some = [pool.some(rng) for _ in range(_BATCH)]
        batch = [varied(Scene(square=kept.square, layers=kept.layers), rng) for kept in some]
        squares = torch.from_numpy(np.stack([levels_of(scene.square) for scene in batch]))
        masks = torch.from_numpy(np.stack([scene.layers.transpose(2, 0, 1) for scene in batch])).float() / 255
        return _loss(self.progress.logits(squares), masks)


def _loss(logits: Tensor, masks: Tensor) -> Tensor:
    entropy = nn.functional.binary_cross_entropy_with_logits(logits, masks)
    chances = logits[:, :2].sigmoid()
    both = (chances * masks[:, :2]).sum((2, 3))
    dice = 1 - (2 * both + 20) / (chances.sum((2, 3)) + masks[:, :2].sum((2, 3)) + 20)
    return entropy + 0.3 * dice.mean()
