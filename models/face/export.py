"""dlib's face network as a TensorFlow Lite file: blocks of 8-bit weights per output channel, arithmetic in floats.

The stem stays in floats: it takes the mean off the chip and divides it by 255 in passing.
"""

import numpy as np

from models.face.network import CHIP_PX, MEAN_RGB, Block, Convolution, Network
from models.tflite_graph import Graph

__all__ = ["write_tflite"]

_NONE = (0, 0)
_AFTER_STEM_PX = 35
_LAST_PX = 2
"""Sides of the picture before the first block and after the last one, over which the mean is taken."""


def write_tflite(network: Network) -> bytes:
    """The file: chips [N, 150, 150, 3] of 0…255 in RGB in; embeddings [N, 128] out."""
    graph = Graph("dlib face embedding")
    chips = graph.input((1, CHIP_PX, CHIP_PX, 3))
    now = _convolution(graph, chips, _for_bytes(network.stem), stride=2, same=False, relu=True, packed=False)
    now, side_px = graph.largest(now, size=3, stride=2), _AFTER_STEM_PX
    for block in network.blocks:
        now, side_px = _block(graph, now, side_px, block)
    now = graph.mean(now, size=_LAST_PX, stride=1)
    return graph.write([chips], [graph.project(now, np.ascontiguousarray(network.projection.T))])


def _block(graph: Graph, before: int, side_px: int, block: Block) -> tuple[int, int]:
    inner = _convolution(graph, before, block.first, stride=1 + block.down, same=not block.down, relu=True)
    outer = _convolution(graph, inner, block.second, stride=1, same=True, relu=False)
    if not block.down:
        return graph.add(outer, before, (), relu=True), side_px
    past = graph.mean(before, size=2, stride=2)
    convolved_px, halved_px = (side_px - 3) // 2 + 1, side_px // 2
    if lacking := halved_px - convolved_px:
        outer = graph.pad(outer, (_NONE, (0, lacking), (0, lacking), _NONE))
    if more := block.second.kernel.shape[3] - block.first.kernel.shape[2]:
        past = graph.pad(past, (_NONE, _NONE, _NONE, (0, more)))
    return graph.add(outer, past, (), relu=True), halved_px


def _for_bytes(stem: Convolution) -> Convolution:
    kernel = stem.kernel / 255
    taken_off = np.einsum("hwio,i->o", kernel, np.array(MEAN_RGB, np.float32))
    return Convolution(kernel=kernel, bias=stem.bias - taken_off)


def _convolution(
    graph: Graph, source: int, layer: Convolution, *, stride: int, same: bool, relu: bool, packed: bool = True
) -> int:
    kernel = np.ascontiguousarray(layer.kernel.transpose(3, 0, 1, 2))
    return graph.convolution(
        source, kernel, layer.bias, (), stride=(stride, stride), same=same, relu=relu, packed=packed
    )
