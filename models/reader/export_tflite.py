"""From a training state to TensorFlow Lite: ``python -m models.reader.export_tflite STATE OUT.tflite --texts DIR...``.

The same fixed-point scheme as the ONNX: weights per channel, activations by their ranges over drawn lines, the first
and the last convolution in floats. Input [1, 40, W, 1] and output [1, 1, W/4, C] are floats; resize the input to W.

XNNPACK takes every layer of the file (symmetric weights, signed activations), but only in a delegate that was made
with TFLITE_XNNPACK_DELEGATE_FLAG_QS8; the one that the wheels of tflite-runtime add by themselves has no flags.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import flatbuffers
import numpy as np
import numpy.typing as npt
import tflite

from models.reader.charset import HEIGHT_PX
from models.reader.corpus import load_corpus, load_exclusion
from models.reader.export import load_average
from models.reader.faces import find_faces
from models.reader.flatten import Layer, Range, flatten, ranges
from models.reader.net import LARGE
from models.reader.render import draw_samples
from models.reader.text import LineTexts
from models.reader.tflite_file import Operator, Tensor, TfliteFile

__all__ = ["main", "write_tflite"]

_CALIBRATION_LINES = 128
_SEED = 99
_WIDTH_PX = 960
"""Width until the input is resized; a free width would keep the fast kernels from being used."""
_OP, _OPTIONS = tflite.BuiltinOperator, tflite.BuiltinOptions
_RELU, _NONE = tflite.ActivationFunctionType.RELU, tflite.ActivationFunctionType.NONE


class _Graph:
    """The file while it grows layer by layer."""

    def __init__(self, layers: Sequence[Layer], spans: Sequence[Range]) -> None:
        self.file = TfliteFile()
        self._outputs: list[int] = []
        self.input = self.file.add(Tensor(name="x", shape=(1, HEIGHT_PX, _WIDTH_PX, 1), dtype="float32"))
        first, last = 0, len(layers) - 1
        for index, (layer, span) in enumerate(zip(layers, spans, strict=True)):
            before = self._outputs[-1] if self._outputs else self.input
            if index == last:
                before = self._convert(_OP.DEQUANTIZE, before, "float32", ())
            output = self._layer(layer, span, before, floats=index in (first, last))
            if index == first:
                output = self._convert(_OP.QUANTIZE, output, "int8", span.output)
            self._outputs.append(output)

    @property
    def output(self) -> int:
        return self._outputs[-1]

    def _layer(self, layer: Layer, span: Range, before: int, *, floats: bool) -> int:
        if layer.stride != (1, 1):
            before = self._pad(before, layer)
        inner = span.output if layer.skip is None else span.convolution
        relu = layer.relu and layer.skip is None
        output = self._convolution(layer, before, () if floats else inner, relu=relu)
        if layer.skip is None:
            return output
        return self._add(output, self._outputs[layer.skip], span.output, relu=layer.relu)

    def _activation(self, like: int, channels: int, span: tuple[float, ...]) -> int:
        shape = (1, -1, -1, channels)
        name = f"a{len(self.file.tensors)}"
        if not span:
            return self.file.add(Tensor(name=name, shape=shape, dtype="float32"))
        low, high = min(span[0], 0.0), max(span[1], 0.0)
        scale = (high - low) / 255
        zero = round(-128 - low / scale)
        return self.file.add(Tensor(name=name, shape=shape, dtype="int8", scales=(scale,), zero_point=zero))

    def _convert(self, code: int, source: int, dtype: str, span: tuple[float, ...]) -> int:
        output = self._activation(source, self.file.tensors[source].shape[-1], span)
        version = 2 if code == _OP.DEQUANTIZE else 1
        self.file.operators.append(Operator(code=code, version=version, inputs=(source,), outputs=(output,)))
        return output

    def _pad(self, source: int, layer: Layer) -> int:
        rows, columns = layer.padding
        pads = np.array([[0, 0], [rows, rows], [columns, columns], [0, 0]], np.int32)
        amounts = self.file.add(Tensor(name="pads", shape=(4, 2), dtype="int32", values=pads))
        like = self.file.tensors[source]
        output = self.file.add(
            Tensor(name="padded", shape=(1, -1, -1, like.shape[-1]), dtype=like.dtype, scales=like.scales,
                   zero_point=like.zero_point)
        )  # fmt: skip
        version = 2 if like.dtype == "int8" else 1
        self.file.operators.append(
            Operator(code=_OP.PAD, version=version, inputs=(source, amounts), outputs=(output,),
                     options_type=_OPTIONS.PadOptions, options=_pad_options)
        )  # fmt: skip
        return output

    def _convolution(self, layer: Layer, source: int, span: tuple[float, ...], *, relu: bool) -> int:
        depthwise = layer.groups > 1
        order = (1, 2, 3, 0) if depthwise else (0, 2, 3, 1)
        weight = layer.weight.detach().numpy().transpose(order)
        kernel, bias = self._constants(
            weight, layer.bias.detach().numpy(), source, 3 if depthwise else 0, fixed=bool(span)
        )
        output = self._activation(source, layer.weight.shape[0], span)
        same = layer.stride == (1, 1) and layer.padding != (0, 0)
        padding = tflite.Padding.SAME if same else tflite.Padding.VALID
        self.file.operators.append(
            Operator(
                code=_OP.DEPTHWISE_CONV_2D if depthwise else _OP.CONV_2D,
                version=3 if span else 1,
                inputs=(source, kernel, bias),
                outputs=(output,),
                options_type=_OPTIONS.DepthwiseConv2DOptions if depthwise else _OPTIONS.Conv2DOptions,
                options=_depthwise_options(padding, relu) if depthwise else _conv_options(padding, layer.stride, relu),
            )
        )
        return output

    def _constants(
        self, weight: npt.NDArray[np.float32], bias: npt.NDArray[np.float32], source: int, axis: int, *, fixed: bool
    ) -> tuple[int, int]:
        if not fixed:
            kernel = Tensor(name="kernel", shape=weight.shape, dtype="float32", values=weight)
            return self.file.add(kernel), self.file.add(
                Tensor(name="bias", shape=bias.shape, dtype="float32", values=bias)
            )
        rest = tuple(i for i in range(4) if i != axis)
        scales = np.maximum(np.abs(weight).max(axis=rest), 1e-8) / 127
        along = scales.reshape([-1 if i == axis else 1 for i in range(4)])
        stored = np.clip(np.round(weight / along), -127, 127).astype(np.int8)
        bias_scales = scales * self.file.tensors[source].scales[0]
        kernel = Tensor(
            name="kernel", shape=weight.shape, dtype="int8", values=stored, scales=tuple(scales.tolist()), axis=axis
        )
        whole = np.round(bias / bias_scales).astype(np.int32)
        offsets = Tensor(name="bias", shape=bias.shape, dtype="int32", values=whole, scales=tuple(bias_scales.tolist()))
        return self.file.add(kernel), self.file.add(offsets)

    def _add(self, left: int, right: int, span: tuple[float, ...], *, relu: bool) -> int:
        output = self._activation(left, self.file.tensors[left].shape[-1], span)

        def options(builder: flatbuffers.Builder) -> int:
            tflite.AddOptionsStart(builder)
            tflite.AddOptionsAddFusedActivationFunction(builder, _RELU if relu else _NONE)
            return int(tflite.AddOptionsEnd(builder))

        self.file.operators.append(
            Operator(code=_OP.ADD, version=2, inputs=(left, right), outputs=(output,),
                     options_type=_OPTIONS.AddOptions, options=options)
        )  # fmt: skip
        return output


def _pad_options(builder: flatbuffers.Builder) -> int:
    tflite.PadOptionsStart(builder)
    return int(tflite.PadOptionsEnd(builder))


def _conv_options(padding: int, stride: tuple[int, int], relu: bool) -> Callable[[flatbuffers.Builder], int]:
    def options(builder: flatbuffers.Builder) -> int:
        tflite.Conv2DOptionsStart(builder)
        tflite.Conv2DOptionsAddPadding(builder, padding)
        tflite.Conv2DOptionsAddStrideH(builder, stride[0])
        tflite.Conv2DOptionsAddStrideW(builder, stride[1])
        tflite.Conv2DOptionsAddFusedActivationFunction(builder, _RELU if relu else _NONE)
        return int(tflite.Conv2DOptionsEnd(builder))

    return options


def _depthwise_options(padding: int, relu: bool) -> Callable[[flatbuffers.Builder], int]:
    def options(builder: flatbuffers.Builder) -> int:
        tflite.DepthwiseConv2DOptionsStart(builder)
        tflite.DepthwiseConv2DOptionsAddPadding(builder, padding)
        tflite.DepthwiseConv2DOptionsAddStrideH(builder, 1)
        tflite.DepthwiseConv2DOptionsAddStrideW(builder, 1)
        tflite.DepthwiseConv2DOptionsAddDepthMultiplier(builder, 1)
        tflite.DepthwiseConv2DOptionsAddFusedActivationFunction(builder, _RELU if relu else _NONE)
        return int(tflite.DepthwiseConv2DOptionsEnd(builder))

    return options


def write_tflite(layers: Sequence[Layer], spans: Sequence[Range]) -> bytes:
    """The file of these layers, whose activations take these ranges."""
    graph = _Graph(layers, spans)
    return graph.file.write([graph.input], [graph.output])


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
