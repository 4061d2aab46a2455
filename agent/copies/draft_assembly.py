"""Puts a draft together: the scan under the letters, the shared mark above them, each a stream of its own."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from agent.copies.draft_text import POINTS_PER_MM
from agent.copies.image import EncodedImage
from contract.layout import PAGE_HEIGHT_MM, UNSIGNED_MARK_KEY, Rect

_SCAN_NAME = "/Scan"


def assemble(lettered: bytes, images: Sequence[EncodedImage], places: Sequence[Rect], made_at: datetime) -> bytes:
    """Return the draft from its lettered pages, of which the last is the mark, and the images with their places."""
    with Pdf.open(BytesIO(lettered)) as pdf:
        mark_page = pdf.pages[-1]
        mark = pdf.make_indirect(_balanced(pdf, mark_page))
        mark[UNSIGNED_MARK_KEY] = True
        resources = mark_page.obj.Resources
        del pdf.pages[-1]
        for page, image, where in zip(pdf.pages, images, places, strict=True):
            text = _balanced(pdf, page)
            _merge_resources(page, resources)
            page.obj.Resources.XObject = Dictionary({_SCAN_NAME: _picture(pdf, image)})
            page.obj.Contents = Array([_scan(pdf, where), pdf.make_indirect(text), mark])
        _date(pdf, made_at)
        return _saved(pdf)


def _balanced(pdf: Pdf, page: pikepdf.Page) -> Stream:
    return Stream(pdf, b"q\n" + page.obj.Contents.read_bytes() + b"\nQ\n")


def _merge_resources(page: pikepdf.Page, extra: pikepdf.Object) -> None:
    for category in (Name.Font, Name.ExtGState):
        if category not in page.obj.Resources:
            page.obj.Resources[category] = Dictionary()
        for key, value in extra[category].items():
            page.obj.Resources[category][key] = value


def _picture(pdf: Pdf, image: EncodedImage) -> pikepdf.Object:
    stream = Stream(pdf, image.data)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height = image.width_px, image.height_px
    stream.ColorSpace = Name.DeviceGray if image.grey else Name.DeviceRGB
    stream.BitsPerComponent = 8
    stream.Filter = Name(image.filter)
    return pdf.make_indirect(stream)


def _scan(pdf: Pdf, where: Rect) -> pikepdf.Object:
    width, height = where.width * POINTS_PER_MM, where.height * POINTS_PER_MM
    x, y = where.x * POINTS_PER_MM, (PAGE_HEIGHT_MM - where.bottom) * POINTS_PER_MM
    return pdf.make_indirect(
        Stream(pdf, f"q {width:.3f} 0 0 {height:.3f} {x:.3f} {y:.3f} cm {_SCAN_NAME} Do Q\n".encode())
    )


def _date(pdf: Pdf, made_at: datetime) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        for key in ("xmp:ModifyDate", "xmp:MetadataDate"):
            metadata[key] = made_at.isoformat(timespec="seconds")


def _saved(pdf: Pdf) -> bytes:
    if Name.OpenAction in pdf.Root:
        del pdf.Root.OpenAction
    if Name.ID in pdf.trailer:
        del pdf.trailer.ID  # the lettered pages' own id follows the wall clock
    out = BytesIO()
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable, min_version="1.7")
    return out.getvalue()
