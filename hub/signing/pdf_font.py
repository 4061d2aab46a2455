"""A typeface as objects of a PDF (ISO 32000-1 §9.7: composite font, glyph numbers as codes; ISO 19005-2 §6.2.11)."""

import secrets
from collections.abc import Mapping

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from hub.signing.typeface import Typeface

Entries = Mapping[str, PdfObject | str | int]
"""A PDF dictionary in short: plain strings are names, plain integers numbers."""

_SERIF_SYMBOLIC = 0b110  # flags of a font descriptor: serif, and symbolic since codes are glyph numbers
_STEM_PER_WEIGHT = 0.2
_MOST_PER_BLOCK = 100  # a CMap block may hold no more
_TAG_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def embed(writer: BasePdfFileWriter, face: Typeface, letters: str) -> IndirectObject:
    """Add a font to the document in which the first of `letters` has the code 1, and so on; return its reference."""
    name = "".join(secrets.choice(_TAG_LETTERS) for _ in range(6)) + "+" + face.name
    outlines = face.program(letters)
    program = writer.add_object(compressed(outlines, {"/Length1": NumberObject(len(outlines))}))
    descendant: Entries = {
        "/Type": "/Font",
        "/Subtype": "/CIDFontType2",
        "/BaseFont": f"/{name}",
        "/CIDSystemInfo": _system_info(),
        "/FontDescriptor": writer.add_object(_descriptor(face, name, program)),
        "/DW": 1000,
        "/W": ArrayObject([NumberObject(1), ArrayObject(map(NumberObject, face.advances(letters)))]),
        "/CIDToGIDMap": "/Identity",
    }
    font: Entries = {
        "/Type": "/Font",
        "/Subtype": "/Type0",
        "/BaseFont": f"/{name}",
        "/Encoding": "/Identity-H",
        "/DescendantFonts": ArrayObject([writer.add_object(_dictionary(descendant))]),
        "/ToUnicode": writer.add_object(compressed(_to_unicode(letters))),
    }
    return writer.add_object(_dictionary(font))


def compressed(content: bytes, entries: Mapping[str, PdfObject] | None = None) -> StreamObject:
    """Return a stream of `content` with `entries` in its dictionary, deflated."""
    stream = StreamObject({NameObject(key): value for key, value in (entries or {}).items()}, stream_data=content)
    stream.compress()
    return stream


def _descriptor(face: Typeface, name: str, program: IndirectObject) -> DictionaryObject:
    metrics = face.metrics
    return _dictionary(
        {
            "/Type": "/FontDescriptor",
            "/FontName": f"/{name}",
            "/Flags": _SERIF_SYMBOLIC,
            "/FontBBox": ArrayObject(map(NumberObject, metrics.box)),
            "/ItalicAngle": 0,
            "/Ascent": metrics.ascent,
            "/Descent": metrics.descent,
            "/CapHeight": metrics.cap_height,
            "/StemV": round(metrics.weight * _STEM_PER_WEIGHT),
            "/FontFile2": program,
        }
    )


def _system_info() -> DictionaryObject:
    return _dictionary(
        {"/Registry": TextStringObject("Adobe"), "/Ordering": TextStringObject("Identity"), "/Supplement": 0}
    )


def _to_unicode(letters: str) -> bytes:
    rows = [f"<{code:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for code, letter in enumerate(letters, 1)]
    blocks = [rows[start : start + _MOST_PER_BLOCK] for start in range(0, len(rows), _MOST_PER_BLOCK)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{body}\nendcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode("ascii")


def _dictionary(entries: Entries) -> DictionaryObject:
    return DictionaryObject({NameObject(key): _object(value) for key, value in entries.items()})


def _object(value: PdfObject | str | int) -> PdfObject:
    if isinstance(value, PdfObject):
        return value
    return NumberObject(value) if isinstance(value, int) else NameObject(value)
