"""Every sentence of the console, Vietnamese first, English small beside it.

`vi.toml` and `en.toml` hold the same keys; a key that one of them lacks stops the hub at start, and a page that asks
for a key that neither has is an error, never an empty place.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hub.faults import ConfigInvalid

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One sentence in both languages."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.vi


class Strings:
    """The sentences by dotted key (`queue.title`)."""

    def __init__(self, vi: Mapping[str, str], en: Mapping[str, str]) -> None:
        missing = sorted(vi.keys() ^ en.keys())
        if missing:
            raise ConfigInvalid(f"The console's sentences {', '.join(missing)} stand in one language only.")
        self._words = {key: Words(vi=vi[key], en=en[key]) for key in vi}

    def __call__(self, key: str, **values: object) -> Words:
        """Return the sentence with `{name}` places filled in; raise KeyError where there is none."""
        words = self._words[key]
        return Words(vi=words.vi.format(**values), en=words.en.format(**values)) if values else words

    def under(self, prefix: str) -> dict[str, dict[str, str]]:
        """Return the sentences below a prefix for the page's scripts: `{name: {"vi": …, "en": …}}`."""
        inside = f"{prefix}."
        found = ((key, words) for key, words in self._words.items() if key.startswith(inside))
        return {key.removeprefix(inside): {"vi": words.vi, "en": words.en} for key, words in found}

    @property
    def keys(self) -> frozenset[str]:
        """All keys."""
        return frozenset(self._words)


@cache
def strings() -> Strings:
    """Return the console's sentences; raise ConfigInvalid where a translation is missing."""
    return Strings(read("vi"), read("en"))


def read(language: str) -> dict[str, str]:
    """Return one language's sentences by dotted key."""
    tree = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return dict(_flat(tree, ""))


def _flat(tree: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", str(value)
