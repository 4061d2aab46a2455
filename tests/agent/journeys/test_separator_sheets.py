"""What the kiosk prints to part a stack it finds again: printed, bent, scanned crookedly, grey, with an empty back."""

from functools import cache
from io import BytesIO

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

from agent.copies import separator
from agent.journeys.separators import runs
from agent.journeys.stack import Run
from contract.dossiers import PROCEDURES

BIRTH = PROCEDURES[0]
SIZE = (2480, 3508)


def printed(*components: int) -> list[Image.Image]:
    """The sheets for these components of the procedure, as pictures of 300 dpi."""
    pdf = separator.sheets(BIRTH, [BIRTH.components[at] for at in components], two_sided=False)
    return [page.render(scale=300 / 72).to_pil().convert("L").resize(SIZE) for page in pypdfium2.PdfDocument(pdf)]


@cache
def noise() -> np.ndarray:
    width, height = SIZE
    return np.random.default_rng(0).normal(0, 8, (height, width)).astype(np.float32)


def scanned(paper: Image.Image, seed: int = 0) -> bytes:
    """Through a worn feeder: blurred, greyed, with noise, a dark edge, specks, and JPEG's marks."""
    rng = np.random.default_rng(seed)
    grey = np.asarray(paper.filter(ImageFilter.GaussianBlur(2)), np.float32) * 0.7 + 50
    grey += np.roll(noise(), seed * 997)
    grey[:, -40:] = 30
    for y, x in rng.integers(300, 2000, (6, 2)):
        grey[y : y + 4, x : x + 4] = 40
    out = BytesIO()
    Image.fromarray(grey.clip(0, 255).astype(np.uint8)).convert("RGB").save(out, "JPEG", quality=40)
    return out.getvalue()


def photographed(paper: Image.Image) -> bytes:
    """Seen from the side by a camera: one edge of the sheet is nearer."""
    width, height = SIZE
    corners = (-120, -80, 60, height + 40, width - 60, height - 180, width + 200, 100)
    out = BytesIO()
    paper.transform(SIZE, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=120).save(out, "PNG")
    return out.getvalue()


def empty() -> Image.Image:
    return Image.new("L", SIZE, 250)


def shining_through(front: Image.Image) -> Image.Image:
    """The empty back of a sheet, through which its front can be seen."""
    return Image.blend(empty(), front.transpose(Image.Transpose.FLIP_LEFT_RIGHT), 0.2)


def written() -> Image.Image:
    page = empty()
    page.paste(20, (400, 600, 900, 640))
    return page


def test_a_stack_is_parted_by_what_was_printed_for_it() -> None:
    first, second = printed(0, 1)
    sheets = (
        first.rotate(176, fillcolor=255), empty(), written(),
        second.rotate(4, fillcolor=255), shining_through(second), written(), empty(),
    )  # fmt: skip
    stack = [scanned(each, seed) for seed, each in enumerate(sheets)]
    assert runs(stack, BIRTH.code, first=1) == (
        Run(component="TO_KHAI", sheets=(3,)),
        Run(component="CHUNG_SINH", sheets=(6, 7)),  # an empty side that is not a separator's back is the citizen's
    )


def test_a_photographed_sheet_is_read_too() -> None:
    stack = [photographed(printed(1)[0]), scanned(written())]
    assert runs(stack, BIRTH.code, first=1) == (Run(component="CHUNG_SINH", sheets=(2,)),)
