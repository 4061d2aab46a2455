"""A net that learns, its running average and its optimiser."""

import math
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor, nn

_WARM_STEPS = 60
_DECAY = 0.99
_MEETING_STEPS = 5


class Progress:
    """Steps of AdamW at a rate that follows a cosine; what is saved is the average of the weights.

    Where several processes learn together (torch.distributed), their weights become the mean of all now and then.
    """

    def __init__(self, net: nn.Module, average: nn.Module, peak_rate: float) -> None:
        self.net = net.to(memory_format=torch.channels_last)
        self.average = average
        self.average.load_state_dict(self.net.state_dict())
        self.optimiser = torch.optim.AdamW(self.net.parameters(), peak_rate, betas=(0.9, 0.98), weight_decay=0.01)
        self.step, self._peak = 0, peak_rate

    def load(self, file: Path) -> None:
        """Start from saved weights, with a fresh optimiser."""
        for net in (self.net, self.average):
            net.load_state_dict(torch.load(file, weights_only=True))

    def save(self, file: Path) -> None:
        """Write the averaged weights; a reader never sees half a file."""
        file.parent.mkdir(parents=True, exist_ok=True)
        torch.save(self.average.state_dict(), file.with_suffix(".new"))
        file.with_suffix(".new").replace(file)

    def logits(self, planes: Tensor) -> Tensor:
        """Return what the net says of a batch, in floats."""
        self.net.train()
        with torch.autocast("cpu", torch.bfloat16):
            said: Tensor = self.net(planes.contiguous(memory_format=torch.channels_last))
        return said.float()

    def learn(self, loss: Tensor, fraction: float) -> float:
        """Take one step, `fraction` (0…1) of the way through; return the loss."""
        rate = self._peak * min(1, (self.step + 1) / _WARM_STEPS) * (0.5 * (1 + math.cos(math.pi * fraction)) + 0.003)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self.optimiser.step()
        self.step += 1
        if self.step % _MEETING_STEPS == 0:
            self._meet()
        self._follow()
        return float(loss.detach())

    def _meet(self) -> None:
        if not dist.is_initialized():
            return
        state = [value for value in self.net.state_dict().values() if value.dtype.is_floating_point]
        together = torch.cat([value.flatten() for value in state])
        dist.all_reduce(together)
        together /= dist.get_world_size()
        for value, mean in zip(state, together.split([value.numel() for value in state]), strict=True):
            value.copy_(mean.view_as(value))

    def _follow(self) -> None:
        keep = min(_DECAY, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mine, theirs in zip(self.average.state_dict().values(), self.net.state_dict().values(), strict=True):
                if mine.dtype.is_floating_point:
                    mine.lerp_(theirs, 1 - keep)
                else:
                    mine.copy_(theirs)
