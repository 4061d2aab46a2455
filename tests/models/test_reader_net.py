"""The exported reader, the decoding of what it says and the meaning of its confidence."""

import hashlib
import json
import random
from pathlib import Path

import numpy as np
import pytest

from agent.identity.tflite import Interpreter
from agent.reading.ctc import Decoded, agreed
from agent.reading.line_view import fit_height, loosened
from models.reader.charset import CHARS, HEIGHT_PX, STRIDE_PX, prepare
from models.reader.confidence import Judged, coverage_at, log_loss, precision_above
from models.reader.decode import decode
from models.reader.faces import find_faces
from models.reader.ink import Setting, set_line
from models.reader.onnx_reader import OnnxReader
from models.reader.score import distance, score

MODELS = Path(__file__).parents[2] / "models"
LINES = (
    "Cộng hòa xã hội chủ nghĩa Việt Nam",
    "NGUYỄN THỊ HỒNG PHƯỢNG",
    "Số: 2155/QĐ-UBND ngày 03/12/2025",
    "079204031234",
)


def path_logits(path: list[int], sure: float = 12.0) -> np.ndarray:
    logits = np.zeros((len(path), len(CHARS) + 1), np.float32)
    logits[np.arange(len(path)), path] = sure
    return logits


def test_repeats_merge_and_a_blank_parts_a_double_letter():
    a, n = CHARS.index("a") + 1, CHARS.index("n") + 1
    assert decode(path_logits([0, a, a, 0, n, 0, n, 0])).text == "ann"


def test_spaces_at_the_ends_are_not_part_of_the_text():
    space, a = CHARS.index(" ") + 1, CHARS.index("a") + 1
    line = decode(path_logits([space, 0, a, 0, space]))
    assert line.text == "a"
    assert len(line.character_confidences) == 1


def test_a_blank_line_reads_as_nothing():
    assert decode(path_logits([0] * 9)).text == ""


def test_a_doubtful_letter_lowers_its_own_confidence_and_the_lines():
    logits = path_logits([1 + CHARS.index("a"), 0, 1 + CHARS.index("b")])
    logits[2, 1 + CHARS.index("h")] = 11.5
    line = decode(logits)
    assert line.character_confidences[0] > 0.99
    assert line.character_confidences[1] < 0.65
    assert line.confidence <= line.character_confidences[1]


def test_two_looks_that_differ_are_worth_nothing():
    first = Decoded(text="Hòa", character_confidences=(), confidence=0.9)
    assert agreed(first, Decoded(text="Hoà", character_confidences=(), confidence=0.99)) == 0
    assert agreed(first, Decoded(text="Hòa", character_confidences=(), confidence=0.7)) == 0.7


def test_the_spaces_of_a_stamped_in_number_are_never_sure():
    stamped = Decoded(text="Số: 251/QĐ-UBND", character_confidences=(), confidence=0.99)
    inside = Decoded(text="Căn cứ Quyết định số 251/QĐ-UBND", character_confidences=(), confidence=0.99)
    assert agreed(stamped, stamped) == 0
    assert agreed(inside, inside) == 0.99


def test_a_second_look_sees_the_line_smaller_on_the_same_paper():
    grey = np.full((HEIGHT_PX, 220), 240, np.uint8)
    grey[5:35, 20:200] = 30
    second = loosened(grey)
    assert second.shape == (HEIGHT_PX, 200)
    assert (second < 128).sum() < (grey < 128).sum()
    assert second[0].min() > 230


def test_a_higher_temperature_makes_the_same_text_less_sure():
    path = [1 + CHARS.index("a"), 0, 1 + CHARS.index("b")]
    plain, modest = (decode(path_logits(path), temperature) for temperature in (1.0, 3.0))
    assert plain.text == modest.text == "ab"
    assert 0 < modest.confidence < plain.confidence <= 1


def test_coverage_takes_the_lowest_threshold_that_keeps_the_promise():
    lines = [Judged(said="", confidence=c, right=c != 0.7) for c in (0.9, 0.8, 0.7, 0.6)]
    assert coverage_at(lines, 1.0).share == pytest.approx(0.5)
    assert coverage_at(lines, 0.75).share == pytest.approx(1.0)
    assert coverage_at([Judged(said="", confidence=0.9, right=False)], 0.995).share == 0
    assert precision_above(lines, 0.7).precision == pytest.approx(2 / 3)


def test_log_loss_is_least_where_confidence_is_the_share_that_is_right():
    def loss(confidence: float) -> float:
        return log_loss([Judged(said="", confidence=confidence, right=i < 8) for i in range(10)])

    assert loss(0.8) < min(loss(0.7), loss(0.9))


def test_scores_fold_typography_but_not_accents():
    assert score([("“Sao” – y…", '"Sao" - y...')]).exact_percent == 100
    assert score([("Nguyên", "Nguyễn")]).exact_percent == 0
    assert distance("kitten", "sitting") == 3


def clean_line(text: str) -> np.ndarray:
    face = find_faces().draw(random.Random(1), text)
    assert face is not None
    strip = set_line(text, Setting(face=face, em_px=32))
    return fit_height(np.pad(255 - strip.cover, 5, constant_values=255))


NETS = ("line_reader", "line_reader_small")


@pytest.fixture(scope="module", params=NETS)
def reader(request: pytest.FixtureRequest) -> OnnxReader:
    return OnnxReader(MODELS / f"{request.param}.onnx")


@pytest.mark.parametrize("width", [8, 64, 721, 2000])
def test_the_net_gives_one_step_per_four_pixels_and_one_class_per_character(reader: OnnxReader, width: int):
    logits = reader.logits(np.full((HEIGHT_PX, width), 255, np.uint8))
    assert logits.shape == (-(-(width + 16) // STRIDE_PX), len(CHARS) + 1)
    assert np.isfinite(logits).all()


@pytest.mark.parametrize("text", LINES)
def test_the_committed_reader_reads_a_clean_line_exactly(reader: OnnxReader, text: str):
    assert decode(reader.logits(clean_line(text))).text == text


def test_an_empty_sheet_reads_as_nothing(reader: OnnxReader):
    assert decode(reader.logits(np.full((HEIGHT_PX, 400), 250, np.uint8))).text == ""


@pytest.mark.parametrize("net", NETS)
def test_what_is_published_beside_the_net_is_what_the_code_uses(net: str):
    published = json.loads((MODELS / f"{net}.json").read_text(encoding="utf-8"))
    assert published["sha256"] == hashlib.sha256((MODELS / f"{net}.onnx").read_bytes()).hexdigest()
    assert published["charset"] == CHARS
    assert published["height_px"] == HEIGHT_PX
    assert published["temperature"] > 0


@pytest.mark.parametrize(("net", "most_bytes"), [("line_reader", 5_000_000), ("line_reader_small", 1_500_000)])
def test_the_weights_stay_small(net: str, most_bytes: int):
    files = [file for file in MODELS.glob(f"{net}.*") if file.suffix != ".json"]
    assert 0 < sum(file.stat().st_size for file in files) <= most_bytes


def test_the_tflite_reader_says_what_the_onnx_reader_says():
    reader = OnnxReader(MODELS / "line_reader.onnx")
    grey = clean_line(LINES[1])
    line = prepare(grey).transpose(0, 2, 3, 1)
    interpreter = Interpreter(str(MODELS / "line_reader.tflite"))
    interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], line.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], line)
    interpreter.invoke()
    logits = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0, 0]
    assert decode(logits).text == decode(reader.logits(grey)).text == LINES[1]
