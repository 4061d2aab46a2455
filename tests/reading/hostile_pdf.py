"""PDFs that are made to hold a reader up."""

import io

import pikepdf


def nested_forms(depth: int) -> bytes:
    """A PDF of some KB whose page draws a form that draws another ten times, and so on: 10 to the `depth` strokes."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    form = _form(document, b"0 0 m 595 842 l 300 0 l f", {})
    for _ in range(depth):
        form = _form(document, b"/F Do " * 10, {"/F": form})
    document.pages[0].Contents = document.make_stream(b"/F Do")
    document.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary({"/F": form}))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _form(document: pikepdf.Pdf, content: bytes, forms: dict[str, pikepdf.Object]) -> pikepdf.Object:
    resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(forms))
    return document.make_stream(
        content, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=[0, 0, 595, 842], Resources=resources
    )
