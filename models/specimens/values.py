"""What a specimen is: pages, the fields printed on them, and where every line and mark stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image

DPI = 300
PX_PER_MM = DPI / 25.4
PX_PER_PT = DPI / 72
A4_PX = (2480, 3508)

Box = tuple[int, int, int, int]
"""x0, y0, x1, y1 in pixels; x1 and y1 lie just outside."""


class Flaw(StrEnum):
    """A reason to look twice at a paper, or to refuse it (NĐ 23/2015 Art. 22; DOMAIN R5, R6, R17)."""

    BAN_SAO = "ban-sao"
    EARLIER_ATTESTATION = "earlier-attestation"
    SECRET = "secret"  # noqa: S105 - the stamp MẬT, not a password
    NO_COPYING = "no-copying"
    ALTERED = "altered"
    DAMAGED = "damaged"
    NO_SEAL = "no-seal"
    GREY_SEAL = "grey-seal"
    COLOUR_COPY = "colour-copy"
    BLURRED = "blurred"
    CUT_EDGE = "cut-edge"
    MISSING_PAGE = "missing-page"
    FOREIGN = "foreign"


class Role(StrEnum):
    """Who put a line on the paper: the printer, a pen, a rubber stamp, or this generator (the word MẪU)."""

    PRINT = "print"
    PEN = "pen"
    STAMP = "stamp"
    SPECIMEN = "specimen"


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthLine:
    """One line as an eye reads it: NFC text and the tight box of its ink in pixels."""

    text: str
    box: Box
    role: Role = Role.PRINT


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A thing on a page that is no line: `seal`, `signature`, `portrait`, `qr`, `card`, or the value of a `Flaw`.

    `page` counts from 0; `text` is what the mark says or holds (a seal's legend, a code's payload), else empty.
    """

    what: str
    page: int
    box: Box
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """A synthetic paper with its exact truth.

    `pages` are RGB, 300 dpi, A4 upright (2480 x 3508 px). `fields` hold what the *paper says* (an altered digit counts
    as printed); a hidden or cut-off line is left out of `lines`, while its field keeps the value that the issuer wrote.
    """

    kind: str
    pages: tuple[Image.Image, ...]
    fields: Mapping[str, str]
    lines: tuple[tuple[TruthLine, ...], ...]
    marks: tuple[Mark, ...]
    flaws: frozenset[Flaw]


class SpecimenError(Exception):
    """A specimen that cannot be made."""


class UnknownKindError(SpecimenError):
    """There is no generator for this kind; `models.specimens.KINDS` lists those that exist."""


class FlawNotApplicableError(SpecimenError):
    """The kind cannot carry the flaw (a one-page paper misses no page); leave the flaw out or choose another kind."""


class FaceMissingError(SpecimenError):
    """A type face is not installed; install the apt package that the message names."""
