"""Questions to the guide: `tuning*` were looked at while it was made, `asked*` were written before there was one."""

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
