"""Comparing print that a reader may have got slightly wrong: without case, accents and spacing."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_D = str.maketrans("đĐ", "dD")


def without_accents(text: str) -> str:
    """Return the text in plain Latin letters: `Đặng Thị Ổi` → `Dang Thi Oi`."""
    parts = unicodedata.normalize("NFD", text.translate(_D))
    return unicodedata.normalize("NFC", "".join(part for part in parts if not unicodedata.combining(part)))


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Return the text for comparison: lower case, no accents, single spaces between words, no other signs."""
    return " ".join(re.findall(r"[a-z0-9]+", without_accents(text).lower()))


def in_capitals(text: str) -> bool:
    """Return whether the letters of a line are capitals, as stamps and titles are written."""
    letters = [sign for sign in text if sign.isalpha()]
    return bool(letters) and sum(sign.isupper() for sign in letters) >= 0.85 * len(letters)


def closeness(text: str, pattern: str) -> float:
    """Return how much of a folded pattern stands at its best place in a folded text, 0…1."""
    if not pattern:
        return 0.0
    if pattern in text:
        return 1.0
    matcher = SequenceMatcher(None, text, pattern, autojunk=False)
    common = sum(block.size for block in matcher.get_matching_blocks())
    return common / _measure(text, pattern)


def is_close(text: str, pattern: str, at_least: float) -> bool:
    """Return whether the closeness is at least so much; most texts are ruled out by the letters they have."""
    if pattern in text:
        return at_least <= bool(pattern)
    least = at_least * _measure(text, pattern)
    return len(pattern) >= least and letters_in_common(text, pattern) >= least and closeness(text, pattern) >= at_least


def letters_in_common(one: str, other: str) -> int:
    """Return how many letters two folded texts share, wherever they stand."""
    return int(np.minimum(_letters(one), _letters(other)).sum())


@lru_cache(maxsize=4096)
def _letters(text: str) -> NDArray[np.int64]:
    """Return how often each sign stands in a text."""
    return np.bincount(np.frombuffer(text.encode("ascii", "replace"), np.uint8), minlength=128)


def _measure(text: str, pattern: str) -> int:
    """Return how many letters a text must share with a pattern to be as close as can be."""
    return max(len(pattern), min(len(text), len(pattern) + 4))


def says(text: str, phrases: Sequence[str], *, at_least: float = 0.85) -> bool:
    """Return whether a line says one of the phrases, give or take a misread letter; it may say more."""
    line = folded(text)
    return any(is_close(line, folded(phrase), at_least) for phrase in phrases)
