"""A TensorFlow Lite file put together tensor by tensor (schema version 3), without TensorFlow."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import flatbuffers
import numpy as np
import numpy.typing as npt
import tflite

__all__ = ["Operator", "Tensor", "TfliteFile"]

_TYPES = {"float32": tflite.TensorType.FLOAT32, "int8": tflite.TensorType.INT8, "int32": tflite.TensorType.INT32}
_SCHEMA_VERSION = 3
_IDENTIFIER = b"TFL3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tensor:
    """A constant (``values``) or a place for activations; the interpreter works out a length given as -1.

    Real value = scale · (stored − zero point); several scales run along ``axis``.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    values: npt.NDArray[np.generic] | None = None
    scales: tuple[float, ...] = ()
    zero_point: int = 0
    axis: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """One operation on tensors named by number; ``options`` writes its options table and returns its place."""

    code: int
    version: int
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    options_type: int = 0
    options: Callable[[flatbuffers.Builder], int] | None = None


@dataclass(slots=True)
class TfliteFile:
    """Tensors and operators in the order in which they run."""

    description: str
    tensors: list[Tensor] = field(default_factory=list)
    operators: list[Operator] = field(default_factory=list)

    def add(self, tensor: Tensor) -> int:
        """The number of a new tensor."""
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def write(self, inputs: Sequence[int], outputs: Sequence[int]) -> bytes:
        """The file, whose inputs and outputs are these tensors."""
        builder = flatbuffers.Builder(1 << 21)
        codes = sorted({(operator.code, operator.version) for operator in self.operators})
        buffers = _vector(builder, [_buffer(builder, None), *(_buffer(builder, t.values) for t in self.tensors)])
        code_table = _vector(builder, [_operator_code(builder, *code) for code in codes])
        graph = _vector(builder, [self._subgraph(builder, codes, inputs, outputs)])
        description = builder.CreateString(self.description)
        tflite.ModelStart(builder)
        tflite.ModelAddVersion(builder, _SCHEMA_VERSION)
        tflite.ModelAddOperatorCodes(builder, code_table)
        tflite.ModelAddSubgraphs(builder, graph)
        tflite.ModelAddDescription(builder, description)
        tflite.ModelAddBuffers(builder, buffers)
        builder.Finish(tflite.ModelEnd(builder), file_identifier=_IDENTIFIER)
        return bytes(builder.Output())

    def _subgraph(
        self,
        builder: flatbuffers.Builder,
        codes: list[tuple[int, int]],
        inputs: Sequence[int],
        outputs: Sequence[int],
    ) -> int:
        tensors = _vector(builder, [_tensor(builder, tensor, i + 1) for i, tensor in enumerate(self.tensors)])
        operators = _vector(builder, [_operator(builder, operator, codes) for operator in self.operators])
        taken, given = _integers(builder, inputs), _integers(builder, outputs)
        tflite.SubGraphStart(builder)
        tflite.SubGraphAddTensors(builder, tensors)
        tflite.SubGraphAddInputs(builder, taken)
        tflite.SubGraphAddOutputs(builder, given)
        tflite.SubGraphAddOperators(builder, operators)
        return int(tflite.SubGraphEnd(builder))


def _vector(builder: flatbuffers.Builder, places: Sequence[int]) -> int:
    builder.StartVector(4, len(places), 4)
    for place in reversed(places):
        builder.PrependUOffsetTRelative(place)
    return int(builder.EndVector())


def _integers(builder: flatbuffers.Builder, values: Sequence[int]) -> int:
    return int(builder.CreateNumpyVector(np.array(values, np.int32)))


def _buffer(builder: flatbuffers.Builder, values: npt.NDArray[np.generic] | None) -> int:
    data = None if values is None else builder.CreateNumpyVector(np.frombuffer(values.tobytes(), np.uint8))
    tflite.BufferStart(builder)
    if data is not None:
        tflite.BufferAddData(builder, data)
    return int(tflite.BufferEnd(builder))


def _operator_code(builder: flatbuffers.Builder, code: int, version: int) -> int:
    tflite.OperatorCodeStart(builder)
    tflite.OperatorCodeAddDeprecatedBuiltinCode(builder, code)
    tflite.OperatorCodeAddBuiltinCode(builder, code)
    tflite.OperatorCodeAddVersion(builder, version)
    return int(tflite.OperatorCodeEnd(builder))


def _quantization(builder: flatbuffers.Builder, tensor: Tensor) -> int:
    scales = builder.CreateNumpyVector(np.array(tensor.scales, np.float32))
    zeros = builder.CreateNumpyVector(np.full(len(tensor.scales), tensor.zero_point, np.int64))
    tflite.QuantizationParametersStart(builder)
    tflite.QuantizationParametersAddScale(builder, scales)
    tflite.QuantizationParametersAddZeroPoint(builder, zeros)
    tflite.QuantizationParametersAddQuantizedDimension(builder, tensor.axis)
    return int(tflite.QuantizationParametersEnd(builder))


def _tensor(builder: flatbuffers.Builder, tensor: Tensor, buffer: int) -> int:
    name = builder.CreateString(tensor.name)
    shape = _integers(builder, [max(1, length) for length in tensor.shape])
    quantization = _quantization(builder, tensor) if tensor.scales else None
    tflite.TensorStart(builder)
    tflite.TensorAddShape(builder, shape)
    tflite.TensorAddType(builder, _TYPES[tensor.dtype])
    tflite.TensorAddBuffer(builder, buffer)
    tflite.TensorAddName(builder, name)
    if quantization is not None:
        tflite.TensorAddQuantization(builder, quantization)
    return int(tflite.TensorEnd(builder))


def _operator(builder: flatbuffers.Builder, operator: Operator, codes: list[tuple[int, int]]) -> int:
    inputs, outputs = _integers(builder, operator.inputs), _integers(builder, operator.outputs)
    options = operator.options(builder) if operator.options else None
    tflite.OperatorStart(builder)
    tflite.OperatorAddOpcodeIndex(builder, codes.index((operator.code, operator.version)))
    tflite.OperatorAddInputs(builder, inputs)
    tflite.OperatorAddOutputs(builder, outputs)
    if options is not None:
        tflite.OperatorAddBuiltinOptionsType(builder, operator.options_type)
        tflite.OperatorAddBuiltinOptions(builder, options)
    return int(tflite.OperatorEnd(builder))
