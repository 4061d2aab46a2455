"""The sentences of a page in two languages, Vietnamese first: the same keys in both.

A folder's `vi.toml` and `en.toml`, and beside them `vi/*.toml` and `en/*.toml`, hold the same keys; a key that one of
them lacks is a fault at start, and a page that asks for a key that neither has is an error, never an empty place.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class TranslationMissing(ValueError):
    """Sentences stand in one language only; write them in the other file too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One sentence in both languages."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.vi


class Strings:
    """The sentences by dotted key (`queue.title`); raises TranslationMissing."""

    def __init__(self, vi: Mapping[str, str], en: Mapping[str, str]) -> None:
        if missing := sorted(vi.keys() ^ en.keys()):
            raise TranslationMissing(f"The sentences {', '.join(missing)} stand in one language only.")
        self._words = {key: Words(vi=vi[key], en=en[key]) for key in vi}

    @classmethod
    def of(cls, folder: Path) -> "Strings":
        """Return the sentences of a folder."""
        return cls(read(folder, "vi"), read(folder, "en"))

    def __call__(self, key: str, **values: object) -> Words:
        """Return the sentence with `{name}` places filled in; raise KeyError where there is none."""
        words = self._words[key]
        return Words(vi=words.vi.format(**values), en=words.en.format(**values)) if values else words

    def under(self, prefix: str) -> dict[str, dict[str, str]]:
        """Return the sentences below a prefix for a page's scripts: `{name: {"vi": …, "en": …}}`."""
        inside = f"{prefix}."
        found = ((key, words) for key, words in self._words.items() if key.startswith(inside))
        return {key.removeprefix(inside): {"vi": words.vi, "en": words.en} for key, words in found}

    @property
    def keys(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._words)


def read(folder: Path, language: str) -> dict[str, str]:
    """Return one language's sentences by dotted key."""
    files = (folder / f"{language}.toml", *sorted((folder / language).glob("*.toml")))
    return {key: text for file in files for key, text in _flat(tomllib.loads(file.read_text(encoding="utf-8")), "")}


def _flat(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
