"""The face that a copy embeds: every letter of Vietnamese, each with the outline and width of the whole face."""

import io
from pathlib import Path

import pytest
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from signing_doubles import FACE

from hub.signing.faults import TextUnprintable, TypefaceMissing
from hub.signing.typeface import Typeface, alphabet, serif

OLD_FACE = Path("/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf")


def _drawing(font: TTFont, glyph: str) -> list[object]:
    pen = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[glyph].draw(pen)
    return pen.value


def test_alphabet_has_the_134_accented_letters_of_vietnamese() -> None:
    assert len({letter for letter in alphabet() if letter.isalpha() and not letter.isascii()}) == 134


@pytest.mark.parametrize("letters", [alphabet(), "ỆỂộắ", "Ễ", "x"])
def test_embedded_letters_have_the_outlines_and_widths_of_the_whole_face(letters: str) -> None:
    whole, face = TTFont(FACE), serif()[0]
    cut = TTFont(io.BytesIO(face.program(letters)))
    names = cut.getGlyphOrder()
    for number, letter in enumerate(letters, 1):
        original = whole.getBestCmap()[ord(letter)]
        assert _drawing(cut, names[number]) == _drawing(whole, original)
        assert cut["hmtx"][names[number]] == whole["hmtx"][original]
        assert face.advances(letter) == [round(whole["hmtx"][original][0] * 1000 / whole["head"].unitsPerEm)]


def test_letter_outside_the_alphabet_is_named() -> None:
    with pytest.raises(TextUnprintable, match=r"'Ж'.*can't be printed"):
        serif()[0].glyphs("Жук")


def test_version_without_vietnamese_is_refused_by_name() -> None:
    if not OLD_FACE.is_file() or ord("Ệ") in TTFont(OLD_FACE).getBestCmap():
        pytest.skip("this system has no old version of the face")
    with pytest.raises(TypefaceMissing, match=r"old version.*fonts-liberation2"):
        Typeface(OLD_FACE)
