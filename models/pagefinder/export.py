"""From a training state to what the kiosk runs: ``python -m models.pagefinder.export page|side STATE OUT.onnx``.

ONNX in floats. The page finder takes ``x`` [1, 5, 192, 192] and gives chances [1, 4, 96, 96], 0…1; the side finder
takes ``x`` [4, 8, 64, 128] and gives chances [4, 64, 64] that add up to 1 at each station.
"""

import argparse
from pathlib import Path

import torch
from torch import nn

from models.pagefinder import levels, strips
from models.pagefinder.net import PageNet
from models.pagefinder.side_net import SideNet

_OPSET = 17


def export(name: str, state: Path, out: Path) -> None:
    """Write a training state as ONNX."""
    net, chances, shape = _FINDERS[name]()
    net.load_state_dict(torch.load(state, weights_only=True))
    torch.onnx.export(
        nn.Sequential(net.eval(), chances), (torch.zeros(shape),), str(out), input_names=["x"],
        output_names=["chances"], opset_version=_OPSET, dynamo=False,
    )  # fmt: skip


def _page() -> tuple[nn.Module, nn.Module, tuple[int, ...]]:
    return PageNet(), nn.Sigmoid(), (1, levels.CHANNELS, levels.SIDE_PX, levels.SIDE_PX)


def _side() -> tuple[nn.Module, nn.Module, tuple[int, ...]]:
    return SideNet(), nn.Softmax(dim=2), (4, strips.CHANNELS, strips.ACROSS, strips.ALONG)


_FINDERS = {"page": _page, "side": _side}


def main() -> None:
    """Export as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("net", choices=_FINDERS)
    parser.add_argument("state", type=Path)
    parser.add_argument("out", type=Path)
    chosen = parser.parse_args()
    export(chosen.net, chosen.state, chosen.out)


if __name__ == "__main__":
    main()
