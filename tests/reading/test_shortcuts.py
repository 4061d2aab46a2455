"""Short cuts of reading give exactly what the long way gives: percentiles, likeness of texts, smaller pictures."""

import random
from difflib import SequenceMatcher

import numpy as np
import pytest

from agent.reading.folding import closeness, is_close
from agent.reading.kind import _is_title
from agent.reading.percentiles import percentiles
from agent.reading.shrink import shrunk, within
from agent.reading.skew import angle_deg, runs_sideways
from models.specimens import make

_PHRASES = ("giay chung nhan ket hon", "quyet dinh", "uy ban nhan dan", "cong hoa xa hoi chu nghia viet nam doc lap")


@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (7, 13), (64, 200)])
def test_percentiles_are_those_of_numpy(shape: tuple[int, int]) -> None:
    for seed in range(20):
        picture = np.random.default_rng(seed).integers(0, 256, (2 * shape[0], 2 * shape[1]), np.uint8)[::2, ::2]
        wanted = (0, 0.5, 3, 50, 85, 97.3, 100)
        assert percentiles(picture, *wanted) == pytest.approx(np.percentile(picture, wanted))


def _worn(rng: random.Random, text: str) -> str:
    """A text with some letters lost, changed or doubled, and words around it."""
    signs = [sign * rng.choice((0, 1, 1, 1, 1, 1, 1, 2)) if rng.random() < 0.3 else sign for sign in text]
    around = [" ".join(rng.sample(("so", "ngay", "thang", "dan", "ho"), rng.randint(0, 4))) for _ in range(2)]
    return f"{around[0]} {''.join(signs)} {around[1]}".strip()


def test_what_is_ruled_out_by_its_letters_is_not_close() -> None:
    rng = random.Random(5)
    near = 0
    for phrase in _PHRASES * 150:
        text, least = _worn(rng, rng.choice(_PHRASES)), rng.choice((0.8, 0.85, 0.9))
        assert is_close(text, phrase, least) == (closeness(text, phrase) >= least)
        alike = SequenceMatcher(None, text, phrase, autojunk=False).ratio() >= 0.87
        assert _is_title(text, phrase) == (alike and abs(len(text) - len(phrase)) <= 0.3 * len(phrase))
        near += is_close(text, phrase, least)
    assert near > 50


@pytest.mark.parametrize("factor", [2, 3, 4, 6, 16])
def test_every_pixel_of_a_smaller_picture_is_the_mean_of_its_square(factor: int) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (3 * factor + 1, 5 * factor + 1, 3), np.uint8)
    squares = picture[: 3 * factor, : 5 * factor].reshape(3, factor, 5, factor, 3)
    assert np.abs(shrunk(picture, factor) - squares.mean(axis=(1, 3))).max() <= 2.0


def test_a_picture_is_made_as_small_as_asked_and_never_larger() -> None:
    assert within(np.zeros((3508, 2480), np.uint8), 1000).shape == (1000, 707)
    assert within(np.zeros((40, 30, 3), np.uint8), 1000).shape == (40, 30, 3)
    assert within(np.zeros((1, 9000), np.uint8), 1000).shape == (1, 1000)


def test_the_way_a_page_lies_is_seen_on_its_small_picture() -> None:
    page = within(np.asarray(make("QUYET_DINH", 3).pages[0].convert("L")), 1000)
    assert not runs_sideways(page)
    assert runs_sideways(np.ascontiguousarray(np.rot90(page)))
    assert abs(angle_deg(page)) < 0.15
