"""CONG_VAN: an official letter of a commune, in the layout of NĐ 30/2020."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TypedDict

from ..faces import Style
from ..flow import paragraph
from ..order import Draft, Kind, Order
from ..persons import LATEST, any_date
from ..places import any_commune
from ..words import slashed
from .quyet_dinh import slots
from .state_paper import (
    AGENCY_X,
    BODY,
    agency_name,
    commune_head,
    commune_seal,
    commune_signer,
    prose,
    recipient_list,
    recipients,
    signature,
    state_sheet,
)


class Letter(TypedDict):
    """A letter's text with open slots."""

    subject: str
    unit: str
    addressee: str
    body: list[str]


def draw(order: Order) -> Draft:
    """Draw a one-page official letter."""
    stream = order.dice("data")
    commune, day = any_commune(stream), any_date(stream, date(2025, 7, 7), LATEST)
    letter, values, signer = stream.choice(_letters()), slots(stream, commune, day), commune_signer(order)
    number = f"{stream.randint(1, 1900):02d}/UBND-{letter['unit']}"
    subject = "V/v " + letter["subject"].format(**values)
    addressee = letter["addressee"].format(**values)
    sheet = state_sheet(order)
    commune_head(order, sheet, commune, number, day)
    below = paragraph(sheet, AGENCY_X - 32, 47.5, 64, subject, Style(size_pt=12), align="centre")
    y = max(below, 58.0) + 9
    sheet.write(118, y, f"Kính gửi: {addressee}", BODY, align="centre")
    y = prose(sheet, y + 11, [text.format(**values) for text in letter["body"]])
    recipients(sheet, y + 3, recipient_list(commune, "Như trên;"))
    signature(order, sheet, y + 3, signer, commune_seal(commune))
    fields = {
        "number": number,
        "issued_on": slashed(day),
        "place": commune.short,
        "agency": agency_name(commune),
        "subject": subject,
        "addressee": addressee,
        "signer_title": signer.titles[-1],
        "signer_name": signer.name,
    }
    return Draft(sheets=[sheet], fields=fields)


@cache
def _letters() -> list[Letter]:
    path = files("models.specimens") / "data" / "letters.toml"
    letters: list[Letter] = tomllib.loads(path.read_text(encoding="utf-8"))["letter"]
    return letters


KIND = Kind(code="CONG_VAN", draw=draw)
