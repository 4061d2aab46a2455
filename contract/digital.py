"""Digitised documents after the guidance of the Ministry of Science and Technology, November 2025 (§2.2–2.4).

A document's code is `MCQ_LV_STT_PB`: agency (QĐ 20/2020/QĐ-TTg), type, serial number, version; its file is named
`CODE_YYYYMMDD_DESC.EXT`. Its metadata have the guidance's names on the wire and in the archive.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Self

from msgspec import Meta, Struct

_TEXT = r"^[^\x00]*$"


class Condition(StrEnum):
    """What digitising may do to a paper (§2.2): low, medium, high or very high risk."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"

    @property
    def said(self) -> str:
        """What the metadata field `Format` says of it."""
        return _CONDITIONS[self]


_CONDITIONS: Final = {
    Condition.A: "A - nguy cơ thấp",
    Condition.B: "B - nguy cơ trung bình, có giám sát",
    Condition.C: "C - nguy cơ cao, cần phục chế hoặc máy riêng",
    Condition.D: "D - nguy cơ rất cao, không số hóa",
}

FEEDER: Final = (Condition.A,)
GLASS: Final = (Condition.B,)
"""A stack of A goes through the feeder; of B each page is laid on the glass. C and D are not scanned by a kiosk: the
guidance asks for special devices and supervision, or forbids it."""

OTHER_TYPE: Final = "GTK"
_TYPES: Final = {
    "QUYET_DINH": "QĐ", "CONG_VAN": "CV", "GPLX": "GP", "GP_KINH_DOANH": "GP", "BANG_TOT_NGHIEP": "VB",
    "GIAY_UY_QUYEN": "GUQ", "HOP_DONG": "HĐ",
}  # fmt: skip
"""LV by kind of paper: the guidance's own list and NĐ 30/2020, Appendix III; what neither names is OTHER_TYPE."""


def type_of(kind: str) -> str:
    """Return the abbreviation of a kind of paper."""
    return _TYPES.get(kind, OTHER_TYPE)


class MalformedDocCode(ValueError):
    """The text is not a code like G06.01_CV_000021_V1."""


MOST_DOCUMENTS: Final = 999_999
TYPE: Final = re.compile("[A-ZĐ][A-Za-zĐ]{0,4}")
"""LV as it stands in a code."""
_CODE = re.compile(rf"([A-Z0-9]{{1,8}}(?:\.[A-Z0-9]{{1,8}}){{0,4}})_({TYPE.pattern})_([0-9]{{6}})_V([1-9][0-9]{{0,2}})")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocCode:
    """The four parts of a code; `str()` writes it."""

    agency: str
    type: str
    serial: int
    version: int = 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take a code apart; raise MalformedDocCode."""
        found = _CODE.fullmatch(unicodedata.normalize("NFC", text))
        if found is None or not int(found[3]):
            raise MalformedDocCode(f"{text[:40]!r} is no document code like G06.01_CV_000021_V1")
        return cls(agency=found[1], type=found[2], serial=int(found[3]), version=int(found[4]))

    @property
    def base(self) -> str:
        """The code without its version: the same document at all times."""
        return f"{self.agency}_{self.type}_{self.serial:06d}"

    def __str__(self) -> str:
        return f"{self.base}_V{self.version}"


def file_name(code: DocCode, day: date, description: str, extension: str = "pdf") -> str:
    """Return `CODE_YYYYMMDD_DESC.EXT`; `day` is that of digitising, the description is written without diacritics."""
    parts = (str(code), f"{day:%Y%m%d}", _plain(description))
    return f"{'_'.join(filter(None, parts))}.{extension}"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    words = re.findall("[A-Za-z0-9]+", "".join(each for each in letters if not unicodedata.combining(each)))
    return "".join(word[:1].upper() + word[1:] for word in words)[:40]


class Metadata(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="pascal"):
    """The fields of §2.3, step 3, with the guidance's names (`DocCode` …) and lengths.

    `IssuedDate` is ISO 8601: the guidance's table has `YYYY-DD-MM`, which would read 2025-03-04 as either day, and its
    own file names put the month before the day. `doc_code` is blank until the hub has allotted it.
    """

    doc_code: Annotated[str, Meta(max_length=30)] = ""
    type_name: Annotated[str, Meta(max_length=100, pattern=_TEXT)] = ""
    code_number: Annotated[str, Meta(max_length=11, pattern=_TEXT)] = ""
    code_notation: Annotated[str, Meta(max_length=30, pattern=_TEXT)] = ""
    issued_date: date | None = None
    organ_name: Annotated[str, Meta(max_length=200, pattern=_TEXT)] = ""
    subject: Annotated[str, Meta(max_length=500, pattern=_TEXT)] = ""
    language: Annotated[str, Meta(max_length=100, pattern=_TEXT)] = ""
    page_amount: Annotated[int, Meta(ge=0, le=9999)] | None = None
    description: Annotated[str, Meta(max_length=500, pattern=_TEXT)] = ""
    infor_sign: Annotated[str, Meta(max_length=30, pattern=_TEXT)] = ""
    keyword: Annotated[str, Meta(max_length=100, pattern=_TEXT)] = ""
    mode: Annotated[str, Meta(max_length=20, pattern=_TEXT)] = ""
    confidence_level: Annotated[str, Meta(max_length=30, pattern=_TEXT)] = ""
    format: Annotated[str, Meta(max_length=50, pattern=_TEXT)] = ""

    @property
    def lacking(self) -> tuple[str, ...]:
        """The names of the mandatory fields that are blank, but for the code."""
        return tuple(name for field, name in _MANDATORY.items() if not getattr(self, field))


_MANDATORY: Final = {
    "type_name": "TypeName", "code_number": "CodeNumber", "code_notation": "CodeNotation",
    "issued_date": "IssuedDate", "organ_name": "OrganName", "subject": "Subject",
}  # fmt: skip


SEPARATOR: Final = "TRAM-TACH"
LEAST_SEPARATOR_MM: Final = 40.0
"""A separator's code is printed 60 mm wide: one that merely stands on a paper is smaller, whatever it says."""


def separator_text(procedure: str = "", component: str = "") -> str:
    """Return what a separator sheet's QR says; blank component: the next paper of the dossier begins here."""
    return f"{SEPARATOR}:{procedure}:{component}"


def separated(text: str, procedure: str) -> str | None:
    """Return the component that a separator of this procedure names, blank for the next one; None for other codes."""
    mark, *rest = text.split(":")
    if mark != SEPARATOR or len(rest) != 2 or rest[0] not in ("", procedure):
        return None
    return rest[1]


REUSE: Final = "TRAM-HS"


def reuse_text(dossier: str, secret: str) -> str:
    """Return what the QR of a receipt says: the dossier's code and the secret that gives it out once."""
    return f"{REUSE}:{dossier}:{secret}"


def reuse_parts(text: str) -> tuple[str, str]:
    """Return dossier and secret of what a receipt's QR says, both blank for any other text."""
    mark, *rest = text.strip().split(":")
    return (rest[0], rest[1]) if mark == REUSE and len(rest) == 2 else ("", "")
