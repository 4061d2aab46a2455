"""A smaller net that begins as a larger one's likeness: ``python -m models.reader.narrow WEIGHTS OUT.pt``.

Of every layer the channels are kept that the next layer hears best; each kernel is then fitted by least squares, from
the first to the last, so that what is left says what the large net says there (channel pruning by reconstruction, He
et al. 2017). The outcome reads badly, but training starts from it far ahead of random weights.
"""

import argparse
from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor, nn

from models.reader.batches import Batches
from models.reader.corpus import load_corpus, load_exclusion
from models.reader.faces import find_faces
from models.reader.net import SMALL, AlongLine, LineNet, Residual, Size
from models.reader.render import draw_sample
from models.reader.text import MAX_CHARS, LineTexts
from models.reader.weights import load_weights, save_weights

__all__ = ["main", "narrowed"]

_SEED = 41
_WIDTH_PX = 640
_PLACES = 24_000
_RIDGE = 1e-3


def narrowed(large: LineNet, size: Size, lines: Tensor) -> LineNet:
    """A net of `size` that gives for lines [N, 1, 40, W] nearly what `large` gives."""
    small = LineNet(size).eval()
    large.eval()
    with torch.no_grad():
        _Narrowing(large, small, lines).run()
    return small


class _Narrowing:
    """Goes through both nets at once: `x` is what the large one has made of the lines, `y` what the small one has."""

    def __init__(self, large: LineNet, small: LineNet, lines: Tensor) -> None:
        self._large, self._small = large, small
        self._x, self._y = lines, lines
        self._kept = {
            theirs: _best(_heard(large, theirs, lines), ours)
            for theirs, ours in zip(large.size.channels, small.size.channels, strict=True)
        }

    def run(self) -> None:
        layers = list(zip(self._large.body, self._small.body, strict=True))
        for at, (theirs, ours) in enumerate(layers):
            goal = theirs(self._x)
            if isinstance(ours, AlongLine) and isinstance(theirs, AlongLine):
                self._fit_along(theirs, ours, goal)
            elif isinstance(ours, Residual) and isinstance(theirs, Residual):
                before_relu = self._x + theirs.inner(self._x)
                _fit(ours.inner[0], ours.inner[1], self._y, self._of(before_relu) - self._y)
            elif isinstance(ours, nn.Sequential):
                _fit(ours[0], ours[1], self._y, self._of(goal))
            elif isinstance(ours, nn.Conv2d):
                their_norm, our_norm = layers[at + 1]
                _fit(ours, our_norm, self._y, self._of(their_norm(goal)))
            self._x, self._y = goal, ours(self._y)
        weight, bias = _solved(self._small.head, self._y, self._large.head(self._x))
        self._small.head.load_state_dict({"weight": weight, "bias": bias})

    def _of(self, large: Tensor) -> Tensor:
        """The channels of a large net's picture that stay."""
        return large[:, self._kept[large.shape[1]]]

    def _fit_along(self, theirs: AlongLine, ours: AlongLine, goal: Tensor) -> None:
        stream = self._kept[goal.shape[1]]
        spread = theirs.spread.state_dict()
        ours.spread.load_state_dict({name: part[stream] if part.ndim else part for name, part in spread.items()})
        inner = theirs.widen(theirs.spread(self._x))
        heard = _loudness(torch.relu(inner)) * _weights_heard(theirs.narrow[0].weight)
        mine = ours.spread(self._y)
        _fit(ours.widen[0], ours.widen[1], mine, inner[:, _best(heard, ours.widen[0].out_channels)])
        _fit(ours.narrow[0], ours.narrow[1], torch.relu(ours.widen(mine)), self._of(goal) - self._y)


def _heard(net: LineNet, channels: int, lines: Tensor) -> Tensor:
    """How much each channel of the last layer of this width moves the layer after it."""
    layers = [*net.body, net.head]
    x, last, after = lines, lines, net.head
    for layer, following in pairwise(layers):
        x = layer(x)
        if x.shape[1] == channels:
            last, after = x, following
    weight = after[0].weight if isinstance(after, nn.Sequential) else after.weight
    return _loudness(last) * _weights_heard(weight)


def _weights_heard(weight: Tensor) -> Tensor:
    """The strength with which a kernel takes up each of its inputs."""
    return weight.square().sum(dim=(0, 2, 3)).sqrt()


def _loudness(x: Tensor) -> Tensor:
    return x.std(dim=(0, 2, 3))


def _best(scores: Tensor, count: int) -> Tensor:
    return scores.topk(count).indices.sort().values


def _fit(convolution: nn.Module, norm: nn.Module, x: Tensor, goal: Tensor) -> None:
    """Let convolution and batch norm make of `x` what comes nearest to `goal`."""
    weight, bias = _solved(convolution, x, goal)
    convolution.load_state_dict({"weight": weight})
    out = convolution(x)
    mean, variance = out.mean(dim=(0, 2, 3)), out.var(dim=(0, 2, 3))
    scale = (variance + norm.eps).sqrt()  # type: ignore[operator]
    state = {"weight": scale, "bias": mean + bias, "running_mean": mean, "running_var": variance}
    norm.load_state_dict(norm.state_dict() | state)


def _solved(convolution: nn.Module, x: Tensor, goal: Tensor) -> tuple[Tensor, Tensor]:
    """Kernel and bias of the least squares from the patches of `x` to `goal`, on some of the places."""
    kernel, stride, padding = convolution.kernel_size, convolution.stride, convolution.padding
    share = max(1, goal[:, 0].numel() // _PLACES)
    patches, goals = [], []
    for line, wanted in zip(x, goal, strict=True):
        seen = nn.functional.unfold(line[None], kernel, padding=padding, stride=stride)[0]
        patches.append(seen[:, ::share].T)
        goals.append(wanted.flatten(1)[:, ::share].T)
    inputs, wanted = torch.cat(patches).double(), torch.cat(goals).double()
    middle, wanted_middle = inputs.mean(0), wanted.mean(0)
    inputs -= middle
    square = inputs.T @ inputs
    square.diagonal().add_(_RIDGE * square.diagonal().mean())
    solution = torch.linalg.solve(square, inputs.T @ (wanted - wanted_middle))
    bias = wanted_middle - middle @ solution
    return solution.T.reshape(goal.shape[1], x.shape[1], *kernel).float(), bias.float()


def _lines(options: argparse.Namespace) -> Tensor:
    texts = LineTexts(load_corpus(options.texts), load_exclusion([options.evaluation] if options.evaluation else []))
    faces = find_faces()
    batches = Batches(_SEED, lambda rng: draw_sample(rng, texts, faces, MAX_CHARS))
    drawn: list[Tensor] = []
    while sum(map(len, drawn)) < options.lines:
        batch = batches.draw()
        drawn += [batch.lines] if batch.lines.shape[-1] == _WIDTH_PX else []
    return torch.cat(drawn)


def main() -> None:
    """Narrow as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--texts", type=Path, nargs="+", required=True)
    parser.add_argument("--evaluation", type=Path, help="lines that are kept out of the texts")
    parser.add_argument("--lines", type=int, default=120)
    options = parser.parse_args()
    large = LineNet()
    large.load_state_dict(load_weights(options.weights))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_weights(narrowed(large, SMALL, _lines(options)), options.out)


if __name__ == "__main__":
    main()
