"""The converted face network against its author's code, and the simulated printer."""

import json
from pathlib import Path

import numpy as np

from agent.identity.face.embedding import WEIGHT, Embedder
from models.face.chips import drawn_chips
from models.face.printed import print_portrait
from models.manifest import verified
from tests.identity.drawn_face import draw_face

ORIGINAL = Path(__file__).parents[2] / "models" / "face" / "original.json"
SEED = 20


def test_the_weight_gives_what_the_original_network_gives_in_its_authors_code() -> None:
    original = np.array(json.loads(ORIGINAL.read_text(encoding="utf-8")))
    embedder = Embedder(verified(WEIGHT))
    ours = np.array([embedder.embed_one(chip) for chip in drawn_chips(len(original), SEED)])
    assert ours.shape == original.shape == (6, 128)
    assert np.linalg.norm(ours - original, axis=1).max() < 0.03
    between = np.linalg.norm(original[:, None] - original[None], axis=2)[~np.eye(6, dtype=bool)]
    assert between.min() > 0.2


def test_printing_is_repeatable_and_takes_contrast_and_detail() -> None:
    portrait = draw_face(0)
    printed = print_portrait(portrait, seed=3)
    assert (printed == print_portrait(portrait, seed=3)).all()
    assert (printed != print_portrait(portrait, seed=4)).any()
    assert printed.shape == (250, 250, 3)
    assert printed.std() < 0.9 * portrait.std()
