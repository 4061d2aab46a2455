"""A structural judge of PDF/A-2b (ISO 19005-2), for drafts and for signed copies alike.

veraPDF is not to be had as a Debian or Python package, so the clauses that a machine can check on structure alone stand
here. It knows nothing of how our files are made; `faults` returns sentences that begin with the clause.
"""

import re
import struct
from collections import Counter
from collections.abc import Iterator
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

FORBIDDEN_ACTIONS = {
    "/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition",
    "/Trans", "/GoTo3DView", "/set-state", "/no-op",
}  # fmt: skip
FORBIDDEN_ANNOTATIONS = {"/3D", "/Sound", "/Screen", "/Movie", "/FileAttachment"}
BLEND_MODES = {
    "/Normal", "/Compatible", "/Multiply", "/Screen", "/Overlay", "/Darken", "/Lighten", "/ColorDodge", "/ColorBurn",
    "/HardLight", "/SoftLight", "/Difference", "/Exclusion", "/Hue", "/Saturation", "/Color", "/Luminosity",
}  # fmt: skip
OPERATORS = re.compile(
    r"[bBfW]\*?|BDC|BMC|B[ITX]|CS|cs?|cm|d[01]?|D[oP]|E[ITX]|EMC|F|[gG]|gs|h|i|ID|[jJkKlmMnqQ]|MP|re|RG|rg|ri|"
    r"[sS]|SCN?|scn?|sh|T[cdDfjJLmrswz*]|[vwy'\"]|INLINE IMAGE"
)
PRINT, HIDDEN_KINDS = 4, 1 | 2 | 32 | 256


def faults(pdf: bytes) -> list[str]:
    """Return what speaks against PDF/A-2b; an empty list says that nothing was found."""
    with Pdf.open(BytesIO(pdf)) as document:
        checks = (_file(pdf), _trailer(document), _metadata(document), _intent(document), _objects(document))
        return [fault for check in (*checks, _pages(document)) for fault in check]


def _file(pdf: bytes) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", pdf):
        yield "6.1.2: header or its binary comment"
    if not re.search(rb"%%EOF\r?\n?\Z", pdf):
        yield "6.1.3: data after %%EOF"


def _trailer(document: Pdf) -> Iterator[str]:
    if Name.ID not in document.trailer:
        yield "6.1.3: no ID in the trailer"
    if document.is_encrypted or Name.Encrypt in document.trailer:
        yield "6.1.3: encrypted"
    root = document.Root
    yield from (f"6.1: catalog has {key}" for key in ("/AA", "/Requirements") if key in root)
    if Name.AcroForm in root:
        yield from (f"6.4: form has {key}" for key in ("/XFA", "/NeedAppearances") if root.AcroForm.get(key))
    names = root.get("/Names", Dictionary())
    yield from (
        f"6.6/6.8: names have {key}"
        for key in ("/JavaScript", "/EmbeddedFiles", "/AlternatePresentations")
        if key in names
    )


def _metadata(document: Pdf) -> Iterator[str]:
    if Name.Metadata not in document.Root:
        yield "6.6.2: no XMP"
        return
    with document.open_metadata(set_pikepdf_as_editor=False) as xmp:
        if (xmp.get("pdfaid:part"), xmp.get("pdfaid:conformance")) not in {("2", "B"), ("2", "U"), ("2", "A")}:
            yield "6.6.4: XMP does not claim PDF/A-2"
        pairs = {
            "/Title": "dc:title",
            "/Producer": "pdf:Producer",
            "/Creator": "xmp:CreatorTool",
            "/Subject": "dc:description",
        }
        for key, name in pairs.items():
            if key in document.docinfo and str(document.docinfo[key]) != str(xmp.get(name)):
                yield f"6.6.3: {key} of the information dictionary is not {name} of XMP"


def _intent(document: Pdf) -> Iterator[str]:
    intents = [each for each in document.Root.get("/OutputIntents", Array()) if each.S == "/GTS_PDFA1"]
    if len(intents) != 1:
        yield f"6.2.3: {len(intents)} PDF/A output intents"
        return
    profile = intents[0].DestOutputProfile.read_bytes()
    size, major, kind, space = struct.unpack(">I4xB3x4s4s", profile[:20])
    colours = {b"RGB ": 3, b"GRAY": 1, b"CMYK": 4}.get(space)
    if profile[36:40] != b"acsp" or size != len(profile) or major > 4 or kind not in {b"mntr", b"prtr"}:
        yield "6.2.3: the output profile is no ICC display or printer profile"
    if colours != intents[0].DestOutputProfile.N:
        yield "6.2.3: /N does not fit the output profile"


def _objects(document: Pdf) -> Iterator[str]:
    for each in document.objects:
        for thing in _with_children(each):
            if isinstance(thing, Stream):
                yield from _stream(thing)
            if isinstance(thing, Stream | Dictionary):
                yield from _dictionary(thing)


def _with_children(thing: object) -> Iterator[object]:
    """Yield an object and what is written inside it; what it only refers to comes by itself."""
    yield thing
    if isinstance(thing, Stream | Dictionary | Array):
        children = list(thing) if isinstance(thing, Array) else [value for _, value in thing.items()]
        for child in children:
            if not getattr(child, "is_indirect", False):
                yield from _with_children(child)


def _stream(stream: Stream) -> Iterator[str]:
    filters = stream.get("/Filter", Array())
    named = {str(each) for each in filters} if isinstance(filters, Array) else {str(filters)}
    yield from (f"6.1.7: filter {name}" for name in named & {"/LZWDecode", "/Crypt"})
    yield from (f"6.1.7: external stream {key}" for key in ("/F", "/FFilter", "/FDecodeParms") if key in stream)
    if stream.get("/Subtype") == "/Image":
        yield from (f"6.2.8: image with {key}" for key in ("/Alternates", "/OPI") if key in stream)
        if stream.get("/Interpolate"):
            yield "6.2.8: image interpolated"
        if "/JPXDecode" in named:
            yield from _jpeg2000(stream.read_raw_bytes())


def _jpeg2000(data: bytes) -> Iterator[str]:
    header, colour = data.find(b"ihdr"), data.find(b"colr")
    if header < 0 or colour < 0:
        yield "6.2.8.3: JPEG 2000 without header boxes"
        return
    channels, bits = struct.unpack(">HB", data[header + 12 : header + 15])
    if channels not in {1, 3, 4} or bits + 1 not in range(1, 39):
        yield f"6.2.8.3: JPEG 2000 of {channels} channels, {bits + 1} bits"
    if data[colour + 4] not in {1, 2, 3} or data.count(b"colr") != 1:
        yield "6.2.8.3: JPEG 2000 colour specification"


def _dictionary(thing: Dictionary | Stream) -> Iterator[str]:
    kind, subtype = str(thing.get("/Type", "")), str(thing.get("/Subtype", ""))
    if "/AA" in thing:
        yield "6.5.2: additional actions"
    if str(thing.get("/S", "")) in FORBIDDEN_ACTIONS:
        yield f"6.5.1: action {thing.S}"
    if kind == "/Font":
        yield from _font(thing, subtype)
    if kind == "/ExtGState":
        yield from _graphics_state(thing)
    if kind == "/Annot" or subtype == "/Widget":
        yield from _annotation(thing, subtype)


def _font(font: Dictionary | Stream, subtype: str) -> Iterator[str]:
    name = font.get("/BaseFont", subtype)
    if subtype in {"/Type0", "/Type3"}:
        return
    descriptor = font.get("/FontDescriptor", Dictionary())
    if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
        yield f"6.2.11.4: {name} is not embedded"
    if subtype == "/CIDFontType2" and "/CIDToGIDMap" not in font:
        yield f"6.2.11.3: {name} has no CIDToGIDMap"


def _graphics_state(state: Dictionary | Stream) -> Iterator[str]:
    yield from (f"6.2.5: graphics state has {key}" for key in ("/TR", "/HTP") if key in state)
    if "/BM" in state and str(state.BM) not in BLEND_MODES:
        yield f"6.2.10: blend mode {state.BM}"


def _annotation(annotation: Dictionary | Stream, subtype: str) -> Iterator[str]:
    if subtype in FORBIDDEN_ANNOTATIONS:
        yield f"6.3.1: annotation {subtype}"
    flags = int(annotation.get("/F", 0))
    if subtype != "/Popup" and (not flags & PRINT or flags & HIDDEN_KINDS):
        yield f"6.3.2: {subtype} is hidden or not printed (F={flags})"
    x0, y0, x1, y1 = (float(edge) for edge in annotation.get("/Rect", Array([0, 0, 0, 0])))
    if x1 > x0 and y1 > y0 and subtype not in {"/Popup", "/Link"} and "/N" not in annotation.get("/AP", Dictionary()):
        yield f"6.3.3: {subtype} without appearance"


def _pages(document: Pdf) -> Iterator[str]:
    for number, page in enumerate(document.pages, 1):
        if "/Resources" not in page.obj:
            yield f"6.2.2: page {number} has no resources of its own"
        yield from (f"page {number}: {fault}" for fault in _content(page))


def _content(page: pikepdf.Page) -> Iterator[str]:
    instructions = pikepdf.parse_content_stream(page)
    count, depth = Counter(str(each.operator) for each in instructions), 0
    yield from (f"6.2.2: operator {name}" for name in count if not OPERATORS.fullmatch(name))
    yield from (f"6.2.4: {name} without a CMYK intent" for name in count.keys() & {"k", "K"})
    for each in instructions:
        depth += {"q": 1, "Q": -1}.get(str(each.operator), 0)
        if not 0 <= depth <= 28:
            yield "6.1.13: q and Q nested wrongly"
            return
    if depth:
        yield "6.1.13: q without Q"
    yield from _notdef(instructions, page)


def _notdef(instructions: object, page: pikepdf.Page) -> Iterator[str]:
    fonts = page.obj.Resources.get("/Font", Dictionary())
    font: pikepdf.Object | None = None
    for each in instructions:  # type: ignore[attr-defined]
        operator = str(each.operator)
        if operator == "Tf":
            font = fonts[str(each.operands[0])]
        shown = [bytes(each.operands[-1])] if operator in {"Tj", "'", '"'} else []
        if operator == "TJ":
            shown = [bytes(part) for part in each.operands[0] if isinstance(part, pikepdf.String)]
        if font is not None and any(_shows_notdef(font, text) for text in shown):
            yield f"6.2.11.8: .notdef shown in {font.BaseFont}"


def _shows_notdef(font: pikepdf.Object, text: bytes) -> bool:
    if font.Subtype != "/Type0" or font.Encoding != "/Identity-H":
        return False
    glyphs = font.DescendantFonts[0].CIDToGIDMap
    codes = [code for (code,) in struct.iter_unpack(">H", text)]
    if not isinstance(glyphs, Stream):
        return 0 in codes
    table = glyphs.read_bytes()
    return any(table[2 * code : 2 * code + 2] in {b"", b"\0\0"} for code in codes)
