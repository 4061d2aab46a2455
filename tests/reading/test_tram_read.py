"""`tram read` on the command line, and the manifest that guards its weights."""

import json
import time
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hostile_pdf import nested_forms

from models.manifest import ModelChanged, ModelMissing, ModelUnknown, check, verified, weights
from models.specimens import make
from provisioning.read import read


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scan") / "letter.png"
    make("CONG_VAN", 1).pages[0].convert("RGB").save(path, compress_level=1, dpi=(300, 300))
    return path


def test_paper_is_printed_with_kind_fields_findings_and_lines(letter: Path) -> None:
    result = CliRunner().invoke(read, [str(letter)])
    assert result.exit_code == 0
    assert result.output.startswith("CONG_VAN")
    for heading in ("Fields", "Findings", "Lines", "Kính gửi"):
        assert heading in result.output


def test_json_has_every_line_with_its_box(letter: Path) -> None:
    result = CliRunner().invoke(read, [str(letter), "--json"])
    paper = json.loads(result.output)
    assert paper["kind"] == "CONG_VAN"
    assert all(len(line["box"]) == 4 for page in paper["pages"] for line in page["lines"])
    assert {fact["name"] for fact in paper["facts"]} >= {"number", "issued_on", "agency"}


def test_folder_of_lines_is_read_sorted_one_per_line(letter: Path, tmp_path: Path) -> None:
    picture = make("QUYET_DINH", 1).pages[0].convert("L")
    for name in ("b.png", "a.webp"):
        picture.crop((1180, 250, 2140, 320)).save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("not a line")
    result = CliRunner().invoke(read, ["--lines", str(tmp_path)])
    assert result.exit_code == 0
    names, texts = zip(*(row.split("\t") for row in result.output.splitlines()), strict=True)
    assert names == ("a.webp", "b.png")
    assert all(texts)


@pytest.mark.parametrize("name", ["missing.png", "empty.png", "text.png", "broken.pdf"])
def test_bad_input_ends_with_code_2_and_a_sentence(name: str, tmp_path: Path) -> None:
    contents = {"empty.png": b"", "text.png": b"just text", "broken.pdf": b"%PDF-1.4 broken"}
    if name in contents:
        (tmp_path / name).write_bytes(contents[name])
    result = CliRunner().invoke(read, [str(tmp_path / name)])
    assert result.exit_code == 2
    assert result.output.startswith("Error: ")
    assert "Traceback" not in result.output
    assert result.output.rstrip().endswith(".")


def test_pdf_that_would_be_drawn_for_hours_is_given_up_with_its_cause(tmp_path: Path) -> None:
    (tmp_path / "hostile.pdf").write_bytes(nested_forms(9))
    began = time.monotonic()
    result = CliRunner().invoke(read, ["--seconds", "2", str(tmp_path / "hostile.pdf")])
    assert time.monotonic() - began < 66  # of which 60 are for a slow machine to start the reading process
    assert result.exit_code == 2
    assert "takes too long to draw" in result.output and "Print the PDF elsewhere" in result.output
    assert "Traceback" not in result.output


def test_no_file_and_no_folder_are_said_so(tmp_path: Path) -> None:
    for arguments in ([], ["--lines", str(tmp_path / "nowhere")]):
        assert CliRunner().invoke(read, arguments).exit_code == 2


def test_installed_weights_are_those_that_the_manifest_lists() -> None:
    assert all(verified(name).is_file() for name in ("line-finder", "line-reader", "line-reader-card"))


def test_changed_weight_is_refused_with_file_and_remedy(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    path.write_bytes(b"something else")
    with pytest.raises(ModelChanged, match=r"net.onnx.*Install"):
        check(weights()["line-finder"], path)


def test_missing_package_is_named() -> None:
    absent = msgspec.structs.replace(weights()["line-finder"], package="no_such_package")
    with pytest.raises(ModelMissing, match=r"no_such_package.*make setup"):
        absent.path()


def test_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ModelUnknown, match="line-reader"):
        verified("nothing")
