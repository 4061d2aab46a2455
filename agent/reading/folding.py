"""Comparing print that a reader may have got slightly wrong: without case, accents and spacing."""

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher

_D = str.maketrans("đĐ", "dD")


def without_accents(text: str) -> str:
    """Return the text in plain Latin letters: `Đặng Thị Ổi` → `Dang Thi Oi`."""
    parts = unicodedata.normalize("NFD", text.translate(_D))
    return unicodedata.normalize("NFC", "".join(part for part in parts if not unicodedata.combining(part)))


def folded(text: str) -> str:
    """Return the text for comparison: lower case, no accents, single spaces between words, no other signs."""
    return " ".join(re.findall(r"[a-z0-9]+", without_accents(text).lower()))


def closeness(text: str, pattern: str) -> float:
    """Return how much of a folded pattern stands at its best place in a folded text, 0…1."""
    if not pattern:
        return 0.0
    if pattern in text:
        return 1.0
    matcher = SequenceMatcher(None, text, pattern, autojunk=False)
    common = sum(block.size for block in matcher.get_matching_blocks())
    return common / max(len(pattern), min(len(text), len(pattern) + 4))


def says(text: str, phrases: Sequence[str], *, at_least: float = 0.85) -> bool:
    """Return whether a line says one of the phrases, give or take a misread letter; it may say more."""
    line = folded(text)
    return any(closeness(line, folded(phrase)) >= at_least for phrase in phrases)
