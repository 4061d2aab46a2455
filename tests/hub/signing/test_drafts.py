"""What the hub will not append to: each fault in a draft is named, whatever bytes arrive."""

import io
import random
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf
from signing_doubles import attestation, draft, run, saved

from contract.layout import UNSIGNED_MARK_KEY
from hub.signing.certify import Certifier
from hub.signing.draft import open_draft
from hub.signing.faults import (
    DraftActive,
    DraftAlreadySigned,
    DraftEncrypted,
    DraftFault,
    DraftPages,
    DraftRevised,
    DraftUnmarked,
    DraftUnreadable,
)


def _script(document: Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def _attachment(document: Pdf) -> None:
    document.attachments["x.txt"] = b"x"


def _layers(document: Pdf) -> None:
    document.Root.OCProperties = Dictionary(OCGs=Array([]), D=Dictionary())


def _note(document: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]))
    document.pages[0].obj.Annots = Array([document.make_indirect(note)])


def _form(document: Pdf) -> None:
    document.Root.AcroForm = Dictionary(Fields=Array([]))


def _landscape(document: Pdf) -> None:
    document.pages[1].mediabox = [0, 0, 842, 595]


def _shifted(document: Pdf) -> None:
    document.pages[0].mediabox = [100, 0, 695, 842]


def _cropped(document: Pdf) -> None:
    document.pages[0].cropbox = [0, 0, 300, 842]


def _turned(document: Pdf) -> None:
    document.pages[0].rotate(90, relative=False)


def _unmarked(document: Pdf) -> None:
    for stream in document.pages[1].Contents:
        if UNSIGNED_MARK_KEY in stream:
            del stream[UNSIGNED_MARK_KEY]


def _many(document: Pdf) -> None:
    for _ in range(199):
        document.pages.append(document.pages[0])


def _none(document: Pdf) -> None:
    del document.pages[:]


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (_script, DraftActive),
        (_attachment, DraftActive),
        (_layers, DraftActive),
        (_note, DraftActive),
        (_form, DraftAlreadySigned),
        (_landscape, DraftPages),
        (_shifted, DraftPages),
        (_cropped, DraftPages),
        (_turned, DraftPages),
        (_many, DraftPages),
        (_none, DraftPages),
        (_unmarked, DraftUnmarked),
    ],
)
def test_draft_that_is_not_plain_is_refused(spoil: Callable[[Pdf], None], fault: type[DraftFault]) -> None:
    with Pdf.open(io.BytesIO(draft())) as document:
        spoil(document)
        content = saved(document)
    with pytest.raises(fault):
        open_draft(content)


def test_encrypted_draft_is_refused() -> None:
    with Pdf.open(io.BytesIO(draft())) as document:
        content = saved(document, encryption=pikepdf.Encryption(owner="x", user=""))
    with pytest.raises(DraftEncrypted):
        open_draft(content)


def test_copy_is_not_certified_a_second_time(certifier: Certifier) -> None:
    copy = draft() + certifier.certify(draft(), attestation()).tail
    with pytest.raises(DraftAlreadySigned, match="second time"):
        certifier.certify(copy, attestation())


def test_draft_with_an_earlier_state_behind_it_is_refused() -> None:
    revised = draft() + b"\n" + _revision(draft())
    with pytest.raises(DraftRevised, match="2 revisions"):
        open_draft(revised)


def test_page_tree_that_runs_in_a_circle_is_refused() -> None:
    with Pdf.open(io.BytesIO(draft())) as document:
        inner = document.make_indirect(Dictionary(Type=Name.Pages, Count=2, Kids=document.Root.Pages.Kids))
        document.Root.Pages.Kids = Array([inner])
        inner.Kids = Array([inner])
        content = saved(document)
    with pytest.raises(DraftUnreadable, match="circle"):
        open_draft(content)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"hello", b"\x89PNG\r\n\x1a\n" * 100, bytes(4096)])
def test_bytes_that_are_no_pdf_are_refused(content: bytes) -> None:
    with pytest.raises(DraftUnreadable, match="Scan the paper again"):
        open_draft(content)


@pytest.mark.parametrize("seed", range(40))
def test_damaged_draft_ends_in_a_draft_fault_or_is_sound(seed: int) -> None:
    dice = random.Random(seed)
    damaged = bytearray(draft())
    for _ in range(dice.randrange(1, 30)):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    cut = bytes(damaged[: dice.randrange(len(damaged) // 2, len(damaged))]) if seed % 2 else bytes(damaged)
    try:
        assert len(open_draft(cut).pages) == 2
    except DraftFault as fault:
        assert str(fault).endswith(fault.remedy)


@pytest.mark.parametrize("pages", [1, 200])
def test_draft_of_as_many_pages_as_allowed_is_certified(certifier: Certifier, pages: int) -> None:
    with Pdf.open(io.BytesIO(draft(1))) as document:
        for _ in range(pages - 1):
            document.pages.append(document.pages[0])
        content = saved(document)
    assert certifier.certify(content, attestation()).copy_pages == pages


@pytest.mark.parametrize("object_streams", [pikepdf.ObjectStreamMode.generate, pikepdf.ObjectStreamMode.disable])
def test_draft_with_either_kind_of_cross_references_is_certified(
    certifier: Certifier, object_streams: pikepdf.ObjectStreamMode, tmp_path: Path
) -> None:
    with Pdf.open(io.BytesIO(draft())) as document:
        content = saved(document, object_stream_mode=object_streams)
    (tmp_path / "copy.pdf").write_bytes(content + certifier.certify(content, attestation()).tail)
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", tmp_path / "copy.pdf").stdout
    assert run("pdfsig", "-nocert", tmp_path / "copy.pdf").stdout.count("Signature is Valid") == 2


def _revision(content: bytes) -> bytes:
    """Return an incremental update that changes nothing that matters."""
    at = len(content) + 1
    start = int(content.rsplit(b"startxref", 1)[1].split()[0])
    root = content.rsplit(b"/Root", 1)[1].split()[0].decode()
    number = b"1 0 obj\n<< /Nothing true >>\nendobj\n"
    table = f"xref\n900 1\n{at:010d} 00000 n \ntrailer\n<< /Size 901 /Root {root} 0 R /Prev {start} >>\n"
    return number.replace(b"1 0", b"900 0") + table.encode() + f"startxref\n{at + len(number) + 2}\n%%EOF\n".encode()
