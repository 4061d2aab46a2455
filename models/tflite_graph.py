"""A net for TensorFlow Lite, operation by operation, in floats or in 8-bit fixed point.

An activation's span is its least and greatest value; with one it is stored in signed 8-bit numbers, with () in floats.
Weights beside a fixed-point activation are symmetric 8-bit numbers per output channel: XNNPACK takes no others.
"""

from collections.abc import Callable, Sequence

import flatbuffers
import numpy as np
import numpy.typing as npt
import tflite

from models.tflite_file import Operator, Tensor, TfliteFile

__all__ = ["Graph", "Span"]

Floats = npt.NDArray[np.float32]
Options = Callable[[flatbuffers.Builder], int]
Span = tuple[float, ...]

_OP, _OPTIONS = tflite.BuiltinOperator, tflite.BuiltinOptions
_RELU, _NONE = tflite.ActivationFunctionType.RELU, tflite.ActivationFunctionType.NONE


class Graph:
    """The file while it grows; each operation takes the numbers of tensors and returns that of its output."""

    def __init__(self, description: str) -> None:
        self._file = TfliteFile(description=description)

    def input(self, shape: tuple[int, ...]) -> int:
        """A place for floats of this shape."""
        return self._file.add(Tensor(name="x", shape=shape, dtype="float32"))

    def write(self, inputs: Sequence[int], outputs: Sequence[int]) -> bytes:
        """The file, whose inputs and outputs are these tensors."""
        return self._file.write(inputs, outputs)

    def quantize(self, source: int, span: Span) -> int:
        """From floats to fixed point."""
        return self._operator(_OP.QUANTIZE, 1, (source,), self._activation(self._channels(source), span))

    def dequantize(self, source: int) -> int:
        """From fixed point to floats."""
        return self._operator(_OP.DEQUANTIZE, 2, (source,), self._activation(self._channels(source), ()))

    def pad(self, source: int, before_and_after: Sequence[tuple[int, int]]) -> int:
        """Zeros before and after along each of the four axes."""
        pads = np.array(before_and_after, np.int32)
        amounts = self._file.add(Tensor(name="pads", shape=(4, 2), dtype="int32", values=pads))
        output = self._like(source, "padded", self._channels(source) + sum(before_and_after[-1]))
        version = 2 if self._file.tensors[source].dtype == "int8" else 1
        return self._operator(_OP.PAD, version, (source, amounts), output, _OPTIONS.PadOptions, _pad_options)

    def convolution(
        self,
        source: int,
        weight: Floats,
        bias: Floats,
        span: Span,
        *,
        stride: tuple[int, int] = (1, 1),
        same: bool,
        relu: bool,
        depthwise: bool = False,
        packed: bool = False,
    ) -> int:
        """Weights [out, rows, columns, in], or depthwise [1, rows, columns, out]; `same` keeps the picture's size.

        `packed` stores the weights of a convolution in floats as 8-bit numbers.
        """
        axis = 3 if depthwise else 0
        if span:
            kernel, offsets = self._fixed(weight, bias, source, axis)
        else:
            kernel = self._unpacked(weight) if packed else self._floats("kernel", weight)
            offsets = self._floats("bias", bias)
        output = self._activation(len(bias), span)
        padding = tflite.Padding.SAME if same else tflite.Padding.VALID
        code, table, options = _OP.CONV_2D, _OPTIONS.Conv2DOptions, _conv_options(padding, stride, relu)
        if depthwise:
            code, table, options = (
                _OP.DEPTHWISE_CONV_2D, _OPTIONS.DepthwiseConv2DOptions, _depthwise_options(padding, relu),
            )  # fmt: skip
        return self._operator(code, 3 if span else 1, (source, kernel, offsets), output, table, options)

    def add(self, left: int, right: int, span: Span, *, relu: bool) -> int:
        """The sum, with what is below zero cut off if `relu`."""
        output = self._activation(self._channels(left), span)
        version = 2 if span else 1
        return self._operator(_OP.ADD, version, (left, right), output, _OPTIONS.AddOptions, _add_options(relu))

    def largest(self, source: int, *, size: int, stride: int) -> int:
        """The largest of each window, without a border."""
        return self._pool(_OP.MAX_POOL_2D, source, size, stride)

    def mean(self, source: int, *, size: int, stride: int) -> int:
        """The mean of each window, without a border."""
        return self._pool(_OP.AVERAGE_POOL_2D, source, size, stride)

    def project(self, source: int, weight: Floats) -> int:
        """Floats [N, 1, 1, in] times weights [out, in]: [N, out]."""
        kernel = self._floats("kernel", weight)
        output = self._file.add(Tensor(name="y", shape=(1, weight.shape[0]), dtype="float32"))
        return self._operator(
            _OP.FULLY_CONNECTED, 1, (source, kernel, -1), output, _OPTIONS.FullyConnectedOptions, _full_options
        )

    def _channels(self, tensor: int) -> int:
        return self._file.tensors[tensor].shape[-1]

    def _activation(self, channels: int, span: Span) -> int:
        shape, name = (1, -1, -1, channels), f"a{len(self._file.tensors)}"
        if not span:
            return self._file.add(Tensor(name=name, shape=shape, dtype="float32"))
        low, high = min(span[0], 0.0), max(span[1], 0.0)
        scale = (high - low) / 255
        zero = round(-128 - low / scale)
        return self._file.add(Tensor(name=name, shape=shape, dtype="int8", scales=(scale,), zero_point=zero))

    def _like(self, source: int, name: str, channels: int) -> int:
        """A place whose numbers mean what those of another one mean."""
        like = self._file.tensors[source]
        return self._file.add(
            Tensor(name=name, shape=(1, -1, -1, channels), dtype=like.dtype, scales=like.scales,
                   zero_point=like.zero_point)
        )  # fmt: skip

    def _pool(self, code: int, source: int, size: int, stride: int) -> int:
        version = 2 if self._file.tensors[source].dtype == "int8" else 1
        output = self._like(source, "pooled", self._channels(source))
        return self._operator(code, version, (source,), output, _OPTIONS.Pool2DOptions, _pool_options(size, stride))

    def _floats(self, name: str, values: Floats) -> int:
        return self._file.add(Tensor(name=name, shape=values.shape, dtype="float32", values=values))

    def _fixed(self, weight: Floats, bias: Floats, source: int, axis: int) -> tuple[int, int]:
        kernel = _symmetric(weight, axis)
        scales = np.array(kernel.scales, np.float32) * self._file.tensors[source].scales[0]
        whole = np.round(bias / scales).astype(np.int32)
        offsets = Tensor(name="bias", shape=bias.shape, dtype="int32", values=whole, scales=tuple(scales.tolist()))
        return self._file.add(kernel), self._file.add(offsets)

    def _unpacked(self, weight: Floats) -> int:
        """Weights stored in 8-bit numbers, which the interpreter turns into floats once."""
        stored = self._file.add(_symmetric(weight, 0))
        kernel = self._file.add(Tensor(name="kernel", shape=weight.shape, dtype="float32"))
        return self._operator(_OP.DEQUANTIZE, 5, (stored,), kernel)

    def _operator(
        self, code: int, version: int, inputs: tuple[int, ...], output: int, table: int = 0,
        options: Options | None = None,
    ) -> int:  # fmt: skip
        self._file.operators.append(
            Operator(code=code, version=version, inputs=inputs, outputs=(output,), options_type=table, options=options)
        )
        return output


def _symmetric(weight: Floats, axis: int) -> Tensor:
    rest = tuple(i for i in range(4) if i != axis)
    scales = np.maximum(np.abs(weight).max(axis=rest), 1e-8) / 127
    along = scales.reshape([-1 if i == axis else 1 for i in range(4)])
    stored = np.clip(np.round(weight / along), -127, 127).astype(np.int8)
    return Tensor(
        name="kernel", shape=weight.shape, dtype="int8", values=stored, scales=tuple(scales.tolist()), axis=axis
    )


def _pad_options(builder: flatbuffers.Builder) -> int:
    tflite.PadOptionsStart(builder)
    return int(tflite.PadOptionsEnd(builder))


def _full_options(builder: flatbuffers.Builder) -> int:
    tflite.FullyConnectedOptionsStart(builder)
    return int(tflite.FullyConnectedOptionsEnd(builder))


def _add_options(relu: bool) -> Options:
    def options(builder: flatbuffers.Builder) -> int:
        tflite.AddOptionsStart(builder)
        tflite.AddOptionsAddFusedActivationFunction(builder, _RELU if relu else _NONE)
        return int(tflite.AddOptionsEnd(builder))

    return options


def _pool_options(size: int, stride: int) -> Options:
    def options(builder: flatbuffers.Builder) -> int:
        tflite.Pool2DOptionsStart(builder)
        tflite.Pool2DOptionsAddPadding(builder, tflite.Padding.VALID)
        tflite.Pool2DOptionsAddStrideW(builder, stride)
        tflite.Pool2DOptionsAddStrideH(builder, stride)
        tflite.Pool2DOptionsAddFilterWidth(builder, size)
        tflite.Pool2DOptionsAddFilterHeight(builder, size)
        return int(tflite.Pool2DOptionsEnd(builder))

    return options


def _conv_options(padding: int, stride: tuple[int, int], relu: bool) -> Options:
    def options(builder: flatbuffers.Builder) -> int:
        tflite.Conv2DOptionsStart(builder)
        tflite.Conv2DOptionsAddPadding(builder, padding)
        tflite.Conv2DOptionsAddStrideH(builder, stride[0])
        tflite.Conv2DOptionsAddStrideW(builder, stride[1])
        tflite.Conv2DOptionsAddFusedActivationFunction(builder, _RELU if relu else _NONE)
        return int(tflite.Conv2DOptionsEnd(builder))

    return options


def _depthwise_options(padding: int, relu: bool) -> Options:
    def options(builder: flatbuffers.Builder) -> int:
        tflite.DepthwiseConv2DOptionsStart(builder)
        tflite.DepthwiseConv2DOptionsAddPadding(builder, padding)
        tflite.DepthwiseConv2DOptionsAddStrideH(builder, 1)
        tflite.DepthwiseConv2DOptionsAddStrideW(builder, 1)
        tflite.DepthwiseConv2DOptionsAddDepthMultiplier(builder, 1)
        tflite.DepthwiseConv2DOptionsAddFusedActivationFunction(builder, _RELU if relu else _NONE)
        return int(tflite.DepthwiseConv2DOptionsEnd(builder))

    return options
