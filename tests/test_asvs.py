"""docs/asvs.md names a test or a reason for each item, and every test that it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
_NAMED = re.compile(r"\b(test_\w+)::(test_\w+)")
ROWS = [line for line in DOCUMENT.splitlines() if line.startswith("| ") and not line.startswith("| item")]


@cache
def named_in(module: str) -> frozenset[str]:
    """Return the tests of the modules of that name."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "tests").rglob(f"{module}.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    return frozenset(each.name for each in nodes if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize(("module", "name"), sorted(set(_NAMED.findall(DOCUMENT))))
def test_named_test_exists(module: str, name: str) -> None:
    assert name in named_in(module)


def test_every_item_has_a_test_or_a_reason() -> None:
    assert len(ROWS) > 60
    assert [row for row in ROWS if not _NAMED.search(row) and "reason: " not in row] == []


def test_every_chapter_that_applies_is_there() -> None:
    chapters = {int(number) for number in re.findall(r"^\| (\d+)\.", DOCUMENT, re.MULTILINE)}
    assert chapters == set(range(1, 15))
