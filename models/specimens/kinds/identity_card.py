"""What the two generations of the chip identity card share: data, validity, prints on both sides."""

import math
from dataclasses import dataclass
from datetime import date

import cv2
import numpy as np

from ..dice import Dice
from ..emblem import star
from ..faces import Colour, Family, Style
from ..mrz import td1
from ..order import Order
from ..persons import Person, any_date, any_person
from ..sheet import Sheet, px
from ..words import slashed

RED: Colour = (196, 30, 40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A card's holder and the card's dates; `expires` is None for a card without limit."""

    person: Person
    issued: date
    expires: date | None

    @property
    def expiry_text(self) -> str:
        """`dd/MM/yyyy` or `Không thời hạn`."""
        return slashed(self.expires) if self.expires else "Không thời hạn"

    @property
    def zone(self) -> tuple[str, str, str]:
        """The machine-readable zone of the back."""
        person = self.person
        return td1(person.number, person.name, person.born, person.female, self.expires)


def any_holder(order: Order, first: date, last: date, *, born: tuple[int, int] = (1955, 2006)) -> Holder:
    """Draw a holder born in a range of years (14 or older at `first`) and a day of issue between two days."""
    stream = order.dice("data")
    person, issued = any_person(stream, born=born), any_date(stream, first, last)
    return Holder(person=person, issued=issued, expires=expiry(person.born, issued))


def expiry(born: date, issued: date) -> date | None:
    """Return the day when a card ends: at 25, 40 or 60; one issued within two years before lasts to the next age.

    Source: Law 26/2023/QH15 Art. 21.
    """
    for age in (25, 40, 60):
        if issued < _birthday(born, age - 2):
            return _birthday(born, age)
    return None


def qr_text(holder: Holder, address: str, former_number: str = "") -> str:
    """Return the card's QR text: number, old number, name, birth, sex, address, issue, between bars."""
    person = holder.person
    cells = (
        person.number,
        former_number,
        person.name,
        f"{person.born:%d%m%Y}",
        person.sex,
        address,
        f"{holder.issued:%d%m%Y}",
    )
    return "|".join(cells)


def shared_fields(holder: Holder) -> dict[str, str]:
    """Return the fields of both generations."""
    person = holder.person
    return {
        "personal_number": person.number,
        "full_name": person.name.upper(),
        "date_of_birth": slashed(person.born),
        "sex": person.sex,
        "nationality": "Việt Nam",
        "issued_on": slashed(holder.issued),
        "expires_on": holder.expiry_text,
        "mrz": "\n".join(holder.zone),
    }


def state_head(sheet: Sheet, x: float, y: float) -> None:
    """Write the four lines of state and motto in the size of a card, centred at x."""
    style = Style(size_pt=6.6, family=Family.SANS, bold=True)
    small = Style(size_pt=5.2, family=Family.SANS, bold=True)
    sheet.write(x, y, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", style, align="centre")
    sheet.write(x, y + 2.7, "Độc lập - Tự do - Hạnh phúc", style.but(size_pt=6.2), align="centre")
    sheet.write(x, y + 5.0, "SOCIALIST REPUBLIC OF VIET NAM", small, align="centre")
    sheet.write(x, y + 7.1, "Independence - Freedom - Happiness", small.but(size_pt=4.8), align="centre")


def crest(sheet: Sheet, x: float, y: float, diameter: float) -> None:
    """Draw a red disc with a golden star, standing for the emblem."""
    pen, radius = sheet.pen, px(diameter / 2)
    pen.ellipse((px(x) - radius, px(y) - radius, px(x) + radius, px(y) + radius), fill=(206, 40, 38))
    pen.ellipse((px(x) - radius, px(y) - radius, px(x) + radius, px(y) + radius), outline=(222, 176, 62), width=5)
    pen.polygon(star(px(x), px(y), radius * 0.62), fill=(240, 206, 70))


def chip(sheet: Sheet, x: float, y: float) -> None:
    """Draw the golden contact plate."""
    wide, high, pen = px(12.0), px(11.0), sheet.pen
    left, top, line = px(x), px(y), (148, 118, 48)
    pen.rounded_rectangle((left, top, left + wide, top + high), 18, fill=(214, 184, 104), outline=line, width=2)
    for share in (0.33, 0.66):
        pen.line((left, top + high * share, left + wide * 0.33, top + high * share), fill=line, width=2)
        pen.line((left + wide * 0.66, top + high * share, left + wide, top + high * share), fill=line, width=2)
    pen.rounded_rectangle(
        (left + wide * 0.33, top + high * 0.2, left + wide * 0.66, top + high * 0.8), 8, outline=line, width=2
    )


def fingerprint(sheet: Sheet, stream: Dice, x: float, y: float, width: float, height: float) -> None:
    """Draw an invented whorl: rings of a disturbed spiral, nobody's finger."""
    wide, high = px(width), px(height)
    rows, columns = np.mgrid[0:high, 0:wide].astype(np.float32)
    dx, dy = (columns - wide * stream.uniform(0.42, 0.58)) / wide, (rows - high * stream.uniform(0.4, 0.55)) / high
    angle = np.arctan2(dy, dx)
    distance = np.hypot(dx, dy * 1.1) + 0.012 * np.sin(angle * stream.randint(2, 4) + stream.uniform(0, 6))
    ridges = 0.5 + 0.5 * np.sin(distance * math.tau * 21 + angle * stream.choice((1, 2)))
    inside = np.clip((0.47 - np.hypot(dx, dy * 0.9)) * 30, 0, 1)
    soft = cv2.GaussianBlur((ridges * inside).astype(np.float32), (0, 0), 0.7)
    sheet.press(soft * 0.85, px(x), px(y), (70, 74, 86))


def _birthday(born: date, age: int) -> date:
    if (born.month, born.day) == (2, 29):
        return date(born.year + age, 2, 28)
    return date(born.year + age, born.month, born.day)
