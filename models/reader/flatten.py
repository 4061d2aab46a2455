"""The net as a plain list of convolutions and additions with their batch norms folded in, and the ranges they take."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from models.reader.charset import prepare
from models.reader.net import LineNet
from models.reader.render import Sample

__all__ = ["Layer", "Range", "flatten", "ranges", "run"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A convolution of the layer before; with ``skip`` the output of that earlier layer is added before the ReLU.

    Weights are [out, in / groups, rows, columns]; padding is the same on both sides. Layer 0 reads the line.
    """

    weight: Tensor
    bias: Tensor
    stride: tuple[int, int]
    padding: tuple[int, int]
    groups: int
    relu: bool
    skip: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Least and greatest value of a layer's convolution and of its output after addition and ReLU."""

    convolution: tuple[float, float]
    output: tuple[float, float]


def flatten(net: LineNet) -> list[Layer]:
    """The layers of a net in evaluation mode, in order."""
    layers: list[Layer] = []
    children = list(net.body.children())
    for index, child in enumerate(children):
        relu = index + 1 < len(children) and isinstance(children[index + 1], nn.ReLU)
        if isinstance(child, nn.Sequential):
            layers.append(_folded(child[0], child[1], relu=relu))
        elif isinstance(child, nn.Conv2d):
            norm, after = children[index + 1 : index + 3]
            layers.append(_folded(child, norm, relu=isinstance(after, nn.ReLU)))
        elif not isinstance(child, nn.ReLU | nn.BatchNorm2d):
            layers += _block(child, len(layers) - 1)
    head = net.head
    assert head.bias is not None
    return [*layers, Layer(weight=head.weight, bias=head.bias, stride=(1, 1), padding=(0, 0), groups=1, relu=False)]


def _block(block: nn.Module, before: int) -> Iterator[Layer]:
    parts = list(block.children())
    for index, part in enumerate(parts):
        last, residual = index == len(parts) - 1, len(parts) == 1
        relu = residual or index == 1
        yield _folded(part[0], part[1], relu=relu, skip=before if last else None)


def _folded(convolution: nn.Module, norm: nn.Module, *, relu: bool, skip: int | None = None) -> Layer:
    assert isinstance(convolution, nn.Conv2d)
    assert isinstance(norm, nn.BatchNorm2d)
    assert norm.running_mean is not None
    assert norm.running_var is not None
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    return Layer(
        weight=(convolution.weight * scale[:, None, None, None]).detach(),
        bias=(norm.bias - norm.running_mean * scale).detach(),
        stride=(convolution.stride[0], convolution.stride[1]),
        padding=(int(convolution.padding[0]), int(convolution.padding[1])),
        groups=convolution.groups,
        relu=relu,
        skip=skip,
    )


def run(layers: Sequence[Layer], line: Tensor) -> list[tuple[Tensor, Tensor]]:
    """Each layer's convolution and output for a line [1, 1, 40, W]; the last output holds the logits [1, C, 1, T]."""
    outputs: list[tuple[Tensor, Tensor]] = []
    x = line
    for layer in layers:
        convolution = nn.functional.conv2d(x, layer.weight, layer.bias, layer.stride, layer.padding, 1, layer.groups)
        total = convolution if layer.skip is None else convolution + outputs[layer.skip][1]
        x = total.relu() if layer.relu else total
        outputs.append((convolution, x))
    return outputs


def ranges(layers: Sequence[Layer], samples: Sequence[Sample]) -> list[Range]:
    """The range of every layer over some lines."""
    least = torch.full((len(layers), 2), torch.inf)
    most = -least
    with torch.no_grad():
        for sample in samples:
            outputs = run(layers, torch.from_numpy(prepare(sample.grey)))
            least = torch.minimum(least, torch.tensor([[part.min() for part in pair] for pair in outputs]))
            most = torch.maximum(most, torch.tensor([[part.max() for part in pair] for pair in outputs]))
    spans = torch.stack([least, most], 2).tolist()
    return [Range(convolution=tuple(convolution), output=tuple(output)) for convolution, output in spans]
