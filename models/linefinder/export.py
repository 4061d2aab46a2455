"""From a training state to what the kiosk runs: ``python -m models.linefinder.export STATE OUT.onnx``.

ONNX with fixed-point weights and activations: static, per channel, activations unsigned, calibrated on fresh pages; the
first and the last convolution stay in floating point.
"""

import argparse
import random
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from agent.reading.levels import MULTIPLE, normalise
from models.linefinder.net import FinderNet
from models.linefinder.pages import Studio, draw_page, photographed

__all__ = ["calibration_pages", "export_float", "load_average", "main", "quantise"]

_OPSET = 17
_CALIBRATION_PAGES = 24
_CALIBRATION_SEED = 424242

Levels = npt.NDArray[np.float32]


class _Pages(CalibrationDataReader):  # type: ignore[misc]
    """Feeds pages one at a time to the quantiser."""

    def __init__(self, pages: Sequence[Levels]) -> None:
        self._feeds: Iterator[dict[str, Levels]] = iter([{"x": page[None, None]} for page in pages])

    def get_next(self) -> dict[str, Levels] | None:
        return next(self._feeds, None)


def calibration_pages(count: int = _CALIBRATION_PAGES, seed: int = _CALIBRATION_SEED) -> list[Levels]:
    """Return fresh worn pages as the net takes them; the same for the same seed."""
    studio, rng = Studio(seed), random.Random(seed)  # noqa: S311 - not for secrets
    pages = [normalise(photographed(draw_page(studio, rng), rng).grey) for _ in range(count)]
    return [page[: page.shape[0] // MULTIPLE * MULTIPLE, : page.shape[1] // MULTIPLE * MULTIPLE] for page in pages]


def load_average(state: Path) -> FinderNet:
    """Return the averaged net of a training state, ready to find."""
    net = FinderNet()
    net.load_state_dict(torch.load(state, weights_only=True)["average"])
    return net.float().eval()


def export_float(net: FinderNet, out: Path) -> None:
    """Write ONNX with floats: ``x`` [N, 1, H, W] to ``cores`` [N, 1, H/2, W/2], chances 0..1, N, H and W free."""
    axes = {"x": {0: "pages", 2: "height", 3: "width"}, "cores": {0: "pages", 2: "rows", 3: "columns"}}
    torch.onnx.export(
        torch.nn.Sequential(net, torch.nn.Sigmoid()), (torch.zeros(1, 1, 320, 256),), str(out), input_names=["x"],
        output_names=["cores"], dynamic_axes=axes, opset_version=_OPSET, dynamo=False,
    )  # fmt: skip


def quantise(source: Path, out: Path, pages: Sequence[Levels]) -> None:
    """Write fixed-point ONNX calibrated on pages."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
        convolutions = [node.name for node in onnx.load(prepared).graph.node if node.op_type == "Conv"]
        quantize_static(
            str(prepared), str(out), _Pages(pages), quant_format=QuantFormat.QDQ, per_channel=True,
            activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
            op_types_to_quantize=["Conv", "Add", "Resize"], nodes_to_exclude=[convolutions[0], convolutions[-1]],
        )  # fmt: skip


def main() -> None:
    """Export as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        floats = Path(folder) / "float.onnx"
        export_float(load_average(options.state), floats)
        quantise(floats, options.out, calibration_pages())


if __name__ == "__main__":
    main()
