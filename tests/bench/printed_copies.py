"""Certified copies of specimens, as printed: genuine, or with one digit or one name altered in the print."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from agent.copies import draft, image, typefaces
from agent.reading.page import find_page
from agent.reading.reader import PageReader
from agent.reading.values import MM_PER_PX, Line
from contract.clock import Clock, SystemClock
from contract.ids import new_ulid
from contract.messages import Box, LegalMode
from hub import draft_pdf
from hub.fingerprint import Marker, Table, Word, pack, plain
from hub.signing import pki
from hub.signing.certify import Certifier
from hub.signing.pkcs12_keys import Pkcs12Session
from hub.signing.values import Attestation
from models.specimens import Specimen

DPI = 300
OFFICER, AGENCY = "Trần Thị Mẫu", "UBND phường Mẫu"
NAMES = ("Hùng", "Lan", "Phong", "Trang", "Quang", "Bích", "Khoa", "Nhung", "Tuấn", "Vân")
_PAD_PX = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A certified copy, the text of its seal, and its words as the hub marks them."""

    pdf: bytes
    seal_text: str
    words: tuple[Word, ...]

    @property
    def marker(self) -> Marker:
        """What marks words under its seal."""
        return Marker(self.seal_text)

    @property
    def table(self) -> Table:
        """What the register keeps."""
        return Table.unpack(pack(self.words, self.marker))


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """A print with one word altered, where (mm on the sheet), and both words."""

    sheet: Image.Image
    box: Box
    genuine: str
    forged: str


class Office:
    """A hub's keys without the hub: makes certified copies."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        officer = pki.Officer(name=OFFICER, title="Phó Chủ tịch")
        self._keys = pki.ensure(folder, self._clock, agency=AGENCY, certifiers=[officer])
        self._count = 0

    def certified(self, content: bytes, kind: str, pages: int) -> Copy:
        """Return the certified copy of a draft."""
        self._count += 1
        now, key = self._clock.now(), self._keys.certifier(OFFICER)
        attestation = Attestation(
            copy_id=new_ulid(now),
            cert_no=self._count,
            book_no=1,
            year=2026,
            book_code="SCTĐT/BS",
            agency_name=AGENCY,
            agency_code="H26.1.23",
            certifier_name=OFFICER,
            certifier_title="Phó Chủ tịch",
            requester_name="Nguyễn Văn Mẫu",
            kind=kind,
            title="Mẫu",
            pages_of_original=pages,
            issued_at=now,
            log_index=self._count,
            legal_note="Thí điểm theo QĐ 1/QĐ-UBND",
            verify_base_url="https://tram.example.vn/V",
        )
        signer = Pkcs12Session(credential=key, certificate=key.certificate)
        signed = Certifier(self._keys, self._clock).certify(content, attestation, signer)
        pdf = content + signed.tail
        seal_text = signed.verify_url.rsplit("/", 1)[1]
        return Copy(pdf=pdf, seal_text=seal_text, words=tuple(draft_pdf.words(pdf)))


def draft_of(specimen: Specimen, reader: PageReader | None = None) -> bytes:
    """Return a specimen's draft with the lines that a kiosk's reader reads, or without one with its true lines."""
    pages = []
    for number, picture in enumerate(specimen.pages, 1):
        pixels, lines = np.asarray(picture.convert("RGB")), _true_lines(specimen, number - 1)
        if reader is not None:
            reading = reader.read(find_page(pixels, DPI), number)
            pixels, lines = reading.page.pixels, reading.read.lines
        pages.append(draft.DraftPage(image=image.encode(pixels), lines=lines))
    now = SystemClock().now()
    return draft.build(pages, title="Mẫu", legal_mode=LegalMode.PILOT_REMOTE, made_at=now, kiosk="tram-01")


def printed(pdf: bytes, page: int) -> Image.Image:
    """Return page `page` (from 1) of a PDF as a printer puts it on the sheet, 300 dpi."""
    sheet: Image.Image = pdfium.PdfDocument(pdf)[page - 1].render(scale=DPI / 72).to_pil().convert("RGB")
    sheet.info["dpi"] = (DPI, DPI)
    return sheet


def digit_changed(copy: Copy, page: int, chance: random.Random) -> Forgery | None:
    """Return the page with one digit of the paper altered; None where it has no number."""
    numbers = [each for each in _inside(copy, page) if sum(char.isdigit() for char in each.text) >= 2]
    if not numbers:
        return None
    word = chance.choice(numbers)
    at = chance.choice([at for at, char in enumerate(word.text) if char.isdigit()])
    other = chance.choice([digit for digit in "0123456789" if digit != word.text[at]])
    return _altered(copy, page, word, word.text[:at] + other + word.text[at + 1 :])


def name_changed(copy: Copy, page: int, chance: random.Random) -> Forgery | None:
    """Return the page with one capitalised word of the paper replaced by a given name; None where it has none."""
    names = [each for each in _inside(copy, page) if each.text.istitle() and each.text.isalpha() and len(each.text) > 2]
    if not names:
        return None
    word = chance.choice(names)
    return _altered(copy, page, word, chance.choice([name for name in NAMES if plain(name) != plain(word.text)]))


def _inside(copy: Copy, page: int) -> list[Word]:
    """Return the words of the original, not the hub's own around it, in print of some size."""
    pages = copy.table.pages
    below = 297 - 62 if page == max(pages) else 297 - 10
    there = [each for each in copy.words if each.page == page]
    return [each for each in there if each.box[1] > 16 and each.box[3] < below and each.box[3] - each.box[1] > 1.6]


def _altered(copy: Copy, page: int, word: Word, text: str) -> Forgery:
    sheet = printed(copy.pdf, page)
    x0, y0, x1, y1 = (round(side / MM_PER_PX) for side in word.box)
    place = (x0 - _PAD_PX, y0 - _PAD_PX, x1 + _PAD_PX, y1 + _PAD_PX)
    pixels = np.asarray(sheet.crop(place)).reshape(-1, 3)
    ground, ink = np.percentile(pixels, 80, axis=0), np.percentile(pixels, 4, axis=0)
    letters = _set(text, place[2] - place[0], place[3] - place[1], tuple(map(int, ground)), tuple(map(int, ink)))
    sheet.paste(letters, place[:2])
    return Forgery(sheet=sheet, box=word.box, genuine=word.text, forged=text)


def _set(text: str, width: int, height: int, ground: Sequence[int], ink: Sequence[int]) -> Image.Image:
    """Return a word drawn to fill its place."""
    face = ImageFont.truetype(str(typefaces.serif()), 120)
    left, top, right, bottom = face.getbbox(text)
    drawn = Image.new("RGB", (int(right - left) + 8, int(bottom - top) + 8), tuple(ground))
    ImageDraw.Draw(drawn).text((4 - left, 4 - top), text, font=face, fill=tuple(ink))
    return drawn.resize((width, height), Image.Resampling.LANCZOS)


def _true_lines(specimen: Specimen, page: int) -> tuple[Line, ...]:
    return tuple(
        Line(text=each.text, box=tuple(side * MM_PER_PX for side in each.box), confidence=1.0, sure=True)
        for each in specimen.lines[page]
    )
