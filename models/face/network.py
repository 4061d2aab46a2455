"""dlib's face network, layer by layer, from the weights that @vladmandic/face-api ships for TensorFlow.js.

A residual network of 29 convolutions: RGB chips [N, 150, 150, 3] of 0…255 in, embeddings [N, 128] out, trained so that
two faces of one person lie less than 0.6 apart (Davis E. King, dlib-models, README).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

__all__ = ["CHIP_PX", "MEAN_RGB", "Block", "Convolution", "Network", "embed", "load"]

Floats = npt.NDArray[np.float32]

CHIP_PX = 150
MEAN_RGB = (122.782, 117.001, 104.298)
"""Taken off each chip before the network, which wants the rest divided by 255."""
_BLOCKS = (
    "conv32_1", "conv32_2", "conv32_3", "conv64_down", "conv64_1", "conv64_2", "conv64_3", "conv128_down", "conv128_1",
    "conv128_2", "conv256_down", "conv256_1", "conv256_2", "conv256_down_out",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Convolution:
    """Kernel [height, width, in, out] and bias [out], with the scale layer behind it multiplied in."""

    kernel: Floats
    bias: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Two convolutions of 3×3 beside a way past them; `down` halves the picture (first: stride 2, no border)."""

    first: Convolution
    second: Convolution
    down: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """`stem` (7×7, stride 2, no border), largest of 3×3, the blocks, the mean over the picture times `projection`."""

    stem: Convolution
    blocks: tuple[Block, ...]
    projection: Floats


def load(manifest: Path) -> Network:
    """Return the network of a TensorFlow.js weights manifest, whose shard lies beside it."""
    weights = _tensors(manifest)
    stem = _convolution(weights, "conv32_down")
    blocks = tuple(
        Block(
            first=_convolution(weights, f"{name}/conv1"),
            second=_convolution(weights, f"{name}/conv2"),
            down="_down" in name,
        )
        for name in _BLOCKS
    )
    return Network(stem=stem, blocks=blocks, projection=weights["fc"])


def embed(network: Network, chips: npt.NDArray[np.uint8]) -> Floats:
    """Return the embeddings [N, 128] of chips [N, 150, 150, 3], in floats.

    Plain numpy: a measure for the file that the kiosk runs, not a thing to run at a kiosk.
    """
    now = (chips.astype(np.float32) - np.array(MEAN_RGB, np.float32)) / 255
    now = np.maximum(_convolve(now, network.stem, stride=2, border=0), 0)
    now = _pool(now, size=3).max(axis=(-2, -1))
    for block in network.blocks:
        inner = np.maximum(_convolve(now, block.first, stride=1 + block.down, border=1 - block.down), 0)
        past = _pool(now, size=2).mean(axis=(-2, -1)) if block.down else now
        now = np.maximum(_sum(past, _convolve(inner, block.second, stride=1, border=1)), 0)
    return np.asarray(now.mean(axis=(1, 2)) @ network.projection, np.float32)


def _tensors(manifest: Path) -> dict[str, Floats]:
    tensors, groups = {}, json.loads(manifest.read_text(encoding="utf-8"))
    for group in groups:
        data = np.frombuffer(b"".join(manifest.with_name(path).read_bytes() for path in group["paths"]), np.uint8)
        for weight in group["weights"]:
            size = int(np.prod(weight["shape"]))
            if stored := weight.get("quantization"):
                real = data[:size].astype(np.float32) * np.float32(stored["scale"]) + np.float32(stored["min"])
            else:
                size *= np.dtype(np.float32).itemsize
                real = data[:size].view(np.float32)
            tensors[weight["name"]] = real.reshape(weight["shape"])
            data = data[size:]
    return tensors


def _convolution(weights: Mapping[str, Floats], name: str) -> Convolution:
    scale = weights[f"{name}/scale/weights"]
    return Convolution(
        kernel=weights[f"{name}/conv/filters"] * scale,
        bias=weights[f"{name}/conv/bias"] * scale + weights[f"{name}/scale/biases"],
    )


def _convolve(pictures: Floats, layer: Convolution, *, stride: int, border: int) -> Floats:
    edge = (border, border)
    padded = np.pad(pictures, ((0, 0), edge, edge, (0, 0)))
    windows = _windows(padded, layer.kernel.shape[0])[:, ::stride, ::stride]
    return np.asarray(np.tensordot(windows, layer.kernel, axes=((4, 5, 3), (0, 1, 2))) + layer.bias, np.float32)


def _pool(pictures: Floats, *, size: int) -> Floats:
    return _windows(pictures, size)[:, ::2, ::2]


def _windows(pictures: Floats, size: int) -> Floats:
    rows = np.lib.stride_tricks.sliding_window_view(pictures, size, axis=1)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(rows, size, axis=2))


def _sum(past: Floats, outer: Floats) -> Floats:
    """Return the sum, the smaller one filled up with zeros below, to the right and in its channels."""
    shape = np.maximum(past.shape, outer.shape)
    past, outer = (np.pad(part, [(0, n - m) for n, m in zip(shape, part.shape, strict=True)]) for part in (past, outer))
    return past + outer
