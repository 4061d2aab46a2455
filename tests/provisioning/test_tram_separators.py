"""`tram separators`: which sheets there are, and a PDF of them with front and back."""

from pathlib import Path

import pikepdf
from click.testing import CliRunner, Result

from contract.dossiers import PROCEDURES
from provisioning.separators import separators


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(separators, [str(word) for word in words])


def test_without_a_code_it_lists_procedures_and_their_components() -> None:
    said = run().output
    assert all(each.code in said and each.vi in said for each in PROCEDURES) and "CHUNG_SINH" in said


def test_a_set_has_two_pages_for_each_component_and_for_the_next_paper(tmp_path: Path) -> None:
    whole, few = tmp_path / "whole.pdf", tmp_path / "few.pdf"
    procedure = PROCEDURES[0]
    assert run(procedure.code, "--out", whole).exit_code == 0
    assert "2 sheets" in run(procedure.code, "--component", "TO_KHAI", "--next", "--out", few).output
    pages = [len(pikepdf.open(each).pages) for each in (whole, few)]
    assert pages == [2 * len(procedure.components), 4]


def test_what_is_not_known_is_named_and_writes_nothing(tmp_path: Path) -> None:
    out = tmp_path / "x.pdf"
    for words in (("9.9",), (PROCEDURES[0].code, "--component", "NONSENSE")):
        told = run(*words, "--out", out)
        assert told.exit_code == 1 and words[-1] in told.output and not out.exists()
