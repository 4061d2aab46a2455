"""The serif face of official papers (metric twin of Times New Roman, NĐ 30/2020 Appendix I), cut down for embedding.

Reading and cutting a face takes some tenths of a second, so it is done once: hinting goes, what remains are the letters
of Vietnamese and ASCII. A copy then embeds the letters that it uses, numbered anew, in half a millisecond.
"""

import io
import itertools
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from hub.signing.faults import TextUnprintable, TypefaceMissing

# Debian 12 has version 1, without Vietnamese, under the plain name; Debian 13 has version 2 there
_FOLDERS = (Path("/usr/share/fonts/truetype/liberation2"), Path("/usr/share/fonts/truetype/liberation"))
_VOWELS = "aăâeêioôơuưy"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_DROPPED = [*Options().drop_tables, "FFTM"]
_MARKS = "–—…“”‘’°§·№"
_COMPOSITE_WORDS, _COMPOSITE_SCALE, _COMPOSITE_MORE = 0x0001, 0x0008, 0x0020
_COMPOSITE_TWO_SCALES, _COMPOSITE_MATRIX = 0x0040, 0x0080


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """What a PDF font descriptor says, in thousandths of the size."""

    ascent: int
    descent: int
    cap_height: int
    box: tuple[int, int, int, int]
    weight: int


class Typeface:
    """One style of the face: measures text, names its glyphs, and cuts a font program for the letters of one copy."""

    def __init__(self, path: Path) -> None:
        font = _cut(path)
        self.name = str(font["name"].getDebugName(6))
        self.metrics = _metrics(font)
        self._per_em: int = font["head"].unitsPerEm
        self._glyph_of: dict[str, int] = {chr(code): font.getGlyphID(name) for code, name in font.getBestCmap().items()}
        self._horizontal: list[tuple[int, int]] = [font["hmtx"][name] for name in font.getGlyphOrder()]
        tables = {tag: font.reader[tag] for tag in ("head", "hhea", "maxp", "loca", "glyf")}
        self._tables = {tag: tables[tag] for tag in ("head", "hhea", "maxp")}
        self._outlines = list(_outlines(tables))

    def glyphs(self, text: str) -> list[int]:
        """Return the glyph numbers of `text` in NFC; raise TextUnprintable for a letter that the face lacks."""
        try:
            return [self._glyph_of[letter] for letter in unicodedata.normalize("NFC", text)]
        except KeyError as fault:
            raise TextUnprintable(f"The letter {fault.args[0]!r} in {text[:60]!r} can't be printed") from None

    def width_pt(self, text: str, size_pt: float) -> float:
        """Return the length of `text` set at `size_pt`; raise TextUnprintable."""
        return sum(self._horizontal[glyph][0] for glyph in self.glyphs(text)) * size_pt / self._per_em

    def advances(self, letters: str) -> list[int]:
        """Return the advance of each letter in thousandths of the size."""
        return [round(self._horizontal[glyph][0] * 1000 / self._per_em) for glyph in self.glyphs(letters)]

    def program(self, letters: str) -> bytes:
        """Return a TrueType file in which the first of `letters` is glyph 1, and so on; their parts follow."""
        order = _with_parts(self.glyphs(letters), self._outlines)
        numbers = {glyph: number for number, glyph in enumerate(order)}
        outlines = [_renumbered(self._outlines[glyph], numbers) for glyph in order]
        ends = [0, *itertools.accumulate(map(len, outlines))]
        count = struct.pack(">H", len(order))
        head, hhea, maxp = (self._tables[tag] for tag in ("head", "hhea", "maxp"))
        return _sfnt(
            {
                "head": head[:8] + bytes(4) + head[12:50] + b"\0\1" + head[52:],  # no checksum, long offsets in `loca`
                "hhea": hhea[:34] + count,
                "maxp": maxp[:4] + count + maxp[6:],
                "hmtx": b"".join(struct.pack(">Hh", *self._horizontal[glyph]) for glyph in order),
                "loca": struct.pack(f">{len(ends)}L", *ends),
                "glyf": b"".join(outlines),
            }
        )


@lru_cache(maxsize=1)
def serif() -> tuple[Typeface, Typeface]:
    """Return the upright and the bold style of Liberation Serif; raise TypefaceMissing."""
    return Typeface(font_file("LiberationSerif-Regular.ttf")), Typeface(font_file("LiberationSerif-Bold.ttf"))


def alphabet() -> str:
    """Return every letter a copy may print: ASCII, the 134 accented letters of Vietnamese, marks of official papers."""
    toned = (unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS for tone in ("", *_TONES))
    lower = "".join(toned) + "đ"
    return "".join(map(chr, range(0x20, 0x7F))) + lower + lower.upper() + _MARKS


def font_file(file: str) -> Path:
    """Return where a face lies; raise TypefaceMissing."""
    for folder in _FOLDERS:
        if (folder / file).is_file():
            return folder / file
    raise TypefaceMissing(f"The face {file} was not found under {_FOLDERS[0].parent}")


def _cut(path: Path) -> TTFont:
    options = Options(
        hinting=False, glyph_names=False, notdef_outline=True, layout_features=[], name_IDs=[6], drop_tables=_DROPPED
    )
    cutter = Subsetter(options)
    cutter.populate(text=alphabet())
    font = TTFont(path)
    lacking = [letter for letter in alphabet() if ord(letter) not in font.getBestCmap()]
    if lacking:
        raise TypefaceMissing(f"The face {path} is an old version without the letters {''.join(lacking)}")
    cutter.subset(font)
    whole = io.BytesIO()
    font.save(whole)
    return TTFont(io.BytesIO(whole.getvalue()))


def _metrics(font: TTFont) -> Metrics:
    head, os2, hhea = font["head"], font["OS/2"], font["hhea"]

    def per_mille(units: int) -> int:
        return int(units * 1000 // head.unitsPerEm)

    return Metrics(
        ascent=per_mille(hhea.ascent),
        descent=per_mille(hhea.descent),
        cap_height=per_mille(os2.sCapHeight or os2.sTypoAscender),
        box=(per_mille(head.xMin), per_mille(head.yMin), per_mille(head.xMax), per_mille(head.yMax)),
        weight=int(os2.usWeightClass),
    )


def _outlines(tables: dict[str, bytes]) -> Iterator[bytes]:
    short = tables["head"][50:52] == b"\0\0"
    size, scale = (2, 2) if short else (4, 1)
    count = len(tables["loca"]) // size
    ends = [offset * scale for offset in struct.unpack(f">{count}{'H' if short else 'L'}", tables["loca"])]
    for start, end in itertools.pairwise(ends):
        yield tables["glyf"][start:end]


def _with_parts(glyphs: list[int], outlines: list[bytes]) -> list[int]:
    """Return the empty glyph, `glyphs`, and behind them each further glyph that one of them is composed of."""
    order = [0, *glyphs]
    for glyph in order:  # grows meanwhile: parts may have parts
        order.extend(part for _, part in _parts(outlines[glyph]) if part not in order)
    return order


def _renumbered(outline: bytes, numbers: dict[int, int]) -> bytes:
    renumbered = bytearray(outline)
    for at, part in _parts(outline):
        struct.pack_into(">H", renumbered, at, numbers[part])
    return bytes(renumbered)


def _parts(outline: bytes) -> Iterator[tuple[int, int]]:
    """Yield where a composite names a part, and the part's glyph (OpenType `glyf`, composite glyph description)."""
    if not outline or struct.unpack_from(">h", outline)[0] >= 0:
        return
    at, flags = 10, _COMPOSITE_MORE
    while flags & _COMPOSITE_MORE:
        flags, part = struct.unpack_from(">HH", outline, at)
        yield at + 2, part
        at += 4 + (4 if flags & _COMPOSITE_WORDS else 2) + _scale_size(flags)


def _scale_size(flags: int) -> int:
    if flags & _COMPOSITE_SCALE:
        return 2
    if flags & _COMPOSITE_TWO_SCALES:
        return 4
    return 8 if flags & _COMPOSITE_MATRIX else 0


def _sfnt(tables: dict[str, bytes]) -> bytes:
    """Return an OpenType file of `tables`, without checksums of the whole (no PDF reader asks for them)."""
    count = len(tables)
    power = count.bit_length() - 1
    header = struct.pack(">LHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power))
    directory, body, at = [], [], 12 + 16 * count
    for tag in sorted(tables):
        table = tables[tag] + bytes(-len(tables[tag]) % 4)
        checksum = sum(struct.unpack(f">{len(table) // 4}L", table)) & 0xFFFFFFFF
        directory.append(struct.pack(">4sLLL", tag.encode(), checksum, at, len(tables[tag])))
        body.append(table)
        at += len(table)
    return header + b"".join(directory) + b"".join(body)
