"""What a newcomer does wrong at the command line ends in a sentence with cause and remedy, and a non-zero exit."""

import socket
import subprocess
import sys
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from provisioning.tram import tram as command


def tram(*words: object) -> Result:
    """Run the command in this process; a fault that it does not turn into a sentence is raised here."""
    result = CliRunner().invoke(command, [*map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def many_pages(path: Path, pages: int) -> Path:
    document = pdfium.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595, 842)
    document.save(path)
    return path


@pytest.fixture
def bad_file(request, tmp_path):
    path = tmp_path / request.param
    match request.param:
        case "empty.pdf":
            path.write_bytes(b"")
        case "broken.pdf":
            path.write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog")
        case "text.png":
            path.write_text("this is no picture")
        case "dot.png":
            Image.new("RGB", (1, 1)).save(path)
        case "huge.png":
            Image.new("1", (30_000, 30_000)).save(path)
        case "long.pdf":
            many_pages(path, 500)
        case "encrypted.pdf":
            plain = many_pages(tmp_path / "plain.pdf", 1)
            subprocess.run(["qpdf", "--encrypt", "u", "o", "256", "--", plain, path], check=True)
        case "missing.png":
            pass
    return path


BAD = ["empty.pdf", "broken.pdf", "text.png", "dot.png", "huge.png", "long.pdf", "encrypted.pdf", "missing.png"]


@pytest.mark.parametrize("bad_file", BAD, indirect=True)
def test_reading_a_bad_file_says_why_and_what_to_do(bad_file):
    said = tram("read", bad_file)
    assert said.exit_code == 2
    assert len(said.stderr.strip().splitlines()) <= 3
    assert len(said.stderr) > 30


@pytest.mark.parametrize("bad_file", ["empty.pdf", "huge.png", "missing.png"], indirect=True)
def test_a_demo_with_a_bad_scan_stops_before_anything_starts(bad_file, tmp_path):
    said = tram("demo", bad_file, "--out", tmp_path / "demo")
    assert said.exit_code == 1
    assert "The demo stopped" in said.stderr
    assert not (tmp_path / "demo" / "state").exists()


@pytest.mark.parametrize("bad_file", BAD, indirect=True)
def test_verifying_a_bad_file_cannot_tell(bad_file):
    said = tram("verify", bad_file, "--offline")
    assert said.exit_code == 2


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 18080)):
        said = tram("up")
    assert said.exit_code == 1
    assert "18080" in said.stderr


@pytest.mark.parametrize("verb", ["kiosk", "hub"])
def test_an_unknown_key_is_named_with_the_nearest_one(verb, tmp_path):
    file = tmp_path / f"{verb}.toml"
    file.write_text('[agency]\nnane = "x"\n' if verb == "hub" else '[kiosk]\nsitte = "x"\n')
    argv = [Path(sys.executable).with_name("tram"), verb, "--config", file]
    said = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert said.returncode == 1
    assert {"hub": "name", "kiosk": "site"}[verb] in said.stderr
    assert "Traceback" not in said.stderr


def test_a_missing_configuration_is_named():
    said = tram("hub", "--config", "/nowhere/hub.toml")
    assert said.exit_code == 2
    assert "/nowhere/hub.toml" in said.stderr
