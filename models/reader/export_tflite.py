"""From a training state to TensorFlow Lite: ``python -m models.reader.export_tflite STATE OUT.tflite --texts DIR...``.

The same fixed-point scheme as the ONNX: weights per channel, activations by their ranges over drawn lines, the first
and the last convolution in floats. Input [1, 40, W, 1] and output [1, 1, W/4, C] are floats; resize the input to W.

XNNPACK takes every layer of the file (symmetric weights, signed activations), but only in a delegate that was made
with TFLITE_XNNPACK_DELEGATE_FLAG_QS8; the one that the wheels of tflite-runtime add by themselves has no flags.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from models.reader.charset import HEIGHT_PX
from models.reader.corpus import load_corpus, load_exclusion
from models.reader.export import load_average
from models.reader.faces import find_faces
from models.reader.flatten import Layer, Range, flatten, ranges
from models.reader.net import LARGE
from models.reader.render import draw_samples
from models.reader.text import LineTexts
from models.tflite_graph import Graph

__all__ = ["main", "write_tflite"]

_CALIBRATION_LINES = 128
_SEED = 99
_WIDTH_PX = 960
"""Width until the input is resized; a free width would keep the fast kernels from being used."""


class _Layers:
    """The file while it grows layer by layer."""

    def __init__(self, layers: Sequence[Layer], spans: Sequence[Range]) -> None:
        self.graph = Graph("line reader")
        self._outputs: list[int] = []
        self.input = self.graph.input((1, HEIGHT_PX, _WIDTH_PX, 1))
        first, last = 0, len(layers) - 1
        for index, (layer, span) in enumerate(zip(layers, spans, strict=True)):
            before = self._outputs[-1] if self._outputs else self.input
            if index == last:
                before = self.graph.dequantize(before)
            output = self._layer(layer, span, before, floats=index in (first, last))
            if index == first:
                output = self.graph.quantize(output, span.output)
            self._outputs.append(output)

    @property
    def output(self) -> int:
        return self._outputs[-1]

    def _layer(self, layer: Layer, span: Range, before: int, *, floats: bool) -> int:
        if layer.stride != (1, 1):
            rows, columns = layer.padding
            before = self.graph.pad(before, ((0, 0), (rows, rows), (columns, columns), (0, 0)))
        inner = span.output if layer.skip is None else span.convolution
        output = self._convolution(layer, before, () if floats else inner, relu=layer.relu and layer.skip is None)
        if layer.skip is None:
            return output
        return self.graph.add(output, self._outputs[layer.skip], span.output, relu=layer.relu)

    def _convolution(self, layer: Layer, source: int, span: tuple[float, ...], *, relu: bool) -> int:
        depthwise = layer.groups > 1
        order = (1, 2, 3, 0) if depthwise else (0, 2, 3, 1)
        return self.graph.convolution(
            source,
            layer.weight.detach().numpy().transpose(order),
            layer.bias.detach().numpy(),
            span,
            stride=layer.stride,
            same=layer.stride == (1, 1) and layer.padding != (0, 0),
            relu=relu,
            depthwise=depthwise,
        )


def write_tflite(layers: Sequence[Layer], spans: Sequence[Range]) -> bytes:
    """The file of these layers, whose activations take these ranges."""
    made = _Layers(layers, spans)
    return made.graph.write([made.input], [made.output])


def main() -> None:
    """Export as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--texts", type=Path, nargs="+", required=True)
    parser.add_argument("--evaluation", type=Path)
    options = parser.parse_args()
    layers = flatten(load_average(options.state, LARGE))
    texts = LineTexts(load_corpus(options.texts), load_exclusion([options.evaluation] if options.evaluation else []))
    samples = draw_samples(_SEED, texts, find_faces(), _CALIBRATION_LINES)
    options.out.write_bytes(write_tflite(layers, ranges(layers, samples)))


if __name__ == "__main__":
    main()
