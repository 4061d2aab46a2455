"""From chips to an embedding: dlib's network (models/face/MODEL_CARD.md) one thread."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from agent.identity.face.values import Embedding, Picture
from agent.identity.tflite import Interpreter

__all__ = ["WEIGHT", "Embedder", "distance"]

WEIGHT = "face-embedding"


class Embedder:
    """Holds the network; about 6 ms a chip on a desktop core."""

    def __init__(self, weight: Path) -> None:
        self._net = Interpreter(str(weight), num_threads=1)
        self._net.allocate_tensors()
        self._input = self._net.get_input_details()[0]["index"]
        self._output = self._net.get_output_details()[0]["index"]

    def embed(self, chips: Sequence[Picture]) -> Embedding:
        """Return the mean embedding of the chips [150, 150, 3] of one face and of their mirror images."""
        return np.asarray(
            np.mean([self.embed_one(each) for upright in chips for each in (upright, upright[:, ::-1])], axis=0)
        )

    def embed_one(self, chip: Picture) -> Embedding:
        """Return the embedding of one chip as it is."""
        self._net.set_tensor(self._input, chip[None].astype(np.float32))
        self._net.invoke()
        return np.asarray(self._net.get_tensor(self._output)[0], np.float32)


def distance(one: Embedding, other: Embedding) -> float:
    """Return how far apart two faces lie (Euclidean); 0 is the same picture."""
    return float(np.linalg.norm(one - other))
