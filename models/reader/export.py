"""From a training state to what the kiosk runs: ``python -m models.reader.export STATE OUT.onnx --texts DIR...``.

ONNX with fixed-point weights and activations: static, per channel, activations unsigned, the first and the last
convolution in floating point (they hold the contrast of the line and the margins between like letters).
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from models.reader.charset import HEIGHT_PX, STRIDE_PX, prepare
from models.reader.corpus import load_corpus, load_exclusion
from models.reader.faces import find_faces
from models.reader.net import SIZES, LineNet, Size
from models.reader.render import Sample, draw_samples
from models.reader.text import LineTexts
from models.reader.weights import save_weights

__all__ = ["export_float", "load_average", "main", "quantise"]

_OPSET = 17
_CALIBRATION_LINES = 256
_SEED = 99


class _Lines(CalibrationDataReader):
    """Feeds lines one at a time to the quantiser."""

    def __init__(self, samples: Sequence[Sample]) -> None:
        self._feeds: Iterator[dict[str, npt.NDArray[np.float32]]] = iter(
            [{"x": prepare(sample.grey)} for sample in samples]
        )

    def get_next(self) -> dict[str, npt.NDArray[np.float32]] | None:
        return next(self._feeds, None)


def load_average(state: Path, size: Size) -> LineNet:
    """The averaged net of a training state, ready to read."""
    net = LineNet(size)
    net.load_state_dict(torch.load(state, weights_only=True)["average"])
    net.eval()
    return net


def export_float(net: LineNet, out: Path) -> None:
    """ONNX with floats: ``x`` [N, 1, 40, W] to ``logits`` [N, W/4, C], N and W free."""
    example = torch.zeros(1, 1, HEIGHT_PX, 64 * STRIDE_PX)
    axes = {"x": {0: "lines", 3: "width"}, "logits": {0: "lines", 1: "steps"}}
    torch.onnx.export(
        net, (example,), str(out), input_names=["x"], output_names=["logits"], dynamic_axes=axes, opset_version=_OPSET,
        dynamo=False,
    )  # fmt: skip


def quantise(source: Path, out: Path, samples: Sequence[Sample]) -> None:
    """Fixed-point ONNX calibrated on lines."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        convolutions = [node.name for node in onnx.load(prepared).graph.node if node.op_type == "Conv"]
        quantize_static(
            str(prepared), str(out), _Lines(samples), quant_format=QuantFormat.QDQ, per_channel=True,
            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, op_types_to_quantize=["Conv", "Add", "Relu"],
            nodes_to_exclude=[convolutions[0], convolutions[-1]],
        )  # fmt: skip


def main() -> None:
    """Export as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--size", choices=SIZES, default="large")
    parser.add_argument("--texts", type=Path, nargs="+", required=True)
    parser.add_argument("--evaluation", type=Path)
    options = parser.parse_args()
    net = load_average(options.state, SIZES[options.size])
    with tempfile.TemporaryDirectory() as folder:
        floats = Path(folder) / "float.onnx"
        export_float(net, floats)
        exclusion = load_exclusion([options.evaluation] if options.evaluation else [])
        texts = LineTexts(load_corpus(options.texts), exclusion)
        quantise(floats, options.out, draw_samples(_SEED, texts, find_faces(), _CALIBRATION_LINES))
    save_weights(net, options.out.with_suffix(".pt"))


if __name__ == "__main__":
    main()
