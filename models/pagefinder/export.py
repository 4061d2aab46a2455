"""From a training state to what the kiosk runs: ``python -m models.pagefinder.export STATE OUT.onnx``.

ONNX in floats: ``x`` [1, 5, 192, 192] to ``chances`` [1, 4, 96, 96], 0…1.
"""

import argparse
from pathlib import Path

import torch

from models.pagefinder.levels import CHANNELS, SIDE_PX
from models.pagefinder.net import PageNet

_OPSET = 17


def export(state: Path, out: Path) -> None:
    """Write a training state as ONNX."""
    net = PageNet()
    net.load_state_dict(torch.load(state, weights_only=True))
    torch.onnx.export(
        torch.nn.Sequential(net.eval(), torch.nn.Sigmoid()), (torch.zeros(1, CHANNELS, SIDE_PX, SIDE_PX),), str(out),
        input_names=["x"], output_names=["chances"], opset_version=_OPSET, dynamo=False,
    )  # fmt: skip


def main() -> None:
    """Export as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("state", type=Path)
    parser.add_argument("out", type=Path)
    chosen = parser.parse_args()
    export(chosen.state, chosen.out)


if __name__ == "__main__":
    main()
