"""Questions to the guide: `tuning*` were looked at while it was made, `asked*` were written before there was one.

Of other styles (English; elderly people's and regional words, misspelt, without marks, from a keyboard that was off)
there are five sets, each written when the one before it had been looked at. `first_*` was seen once, for its figure;
`tuned_*` served to mend what it showed; `judged_*` was then asked for the figure. English failed that, was mended on it
and on `fourth_*`, and was judged by `last_*`. All are by one author.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody types, and the code of the procedure that answers it; empty: none does."""

    text: str
    code: str = ""


def questions(name: str) -> list[Question]:
    """Return the questions of one file: code and text, or text alone for what lies outside the catalogue."""
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.rpartition("\t") for line in lines)
    return [Question(text=text, code=code) for code, _, text in pairs]
