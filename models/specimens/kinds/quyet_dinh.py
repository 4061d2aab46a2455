"""QUYET_DINH: a decision of a commune's chairman, in the layout of NĐ 30/2020."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TypedDict

from ..dice import Dice
from ..faces import Style
from ..order import Draft, Kind, Order
from ..persons import LATEST, any_date, any_name
from ..places import Commune, any_commune
from ..words import slashed
from .state_paper import (
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
    title,
)


class Decision(TypedDict):
    """A decision's text with open slots."""

    subject: str
    grounds: list[str]
    articles: list[str]


def draw(order: Order) -> Draft:
    """Draw a one-page decision."""
    stream = order.dice("data")
    commune, day = any_commune(stream), any_date(stream, date(2025, 7, 7), LATEST)
    number = f"{stream.randint(1, 2400):02d}/QĐ-UBND"
    text, signer = _filled(stream.choice(_decisions()), slots(stream, commune, day)), commune_signer(order)
    sheet = state_sheet(order)
    commune_head(order, sheet, commune, number, day)
    y = title(sheet, 53, "QUYẾT ĐỊNH", text["subject"])
    head = f"CHỦ TỊCH ỦY BAN NHÂN DÂN {commune.name.upper()}"
    sheet.write(110, y + 3.5, head, Style(size_pt=14, bold=True), align="centre")
    y = prose(sheet, y + 12, text["grounds"], BODY.but(italic=True))
    sheet.write(110, y + 1.5, "QUYẾT ĐỊNH:", Style(size_pt=14, bold=True), align="centre")
    y = prose(sheet, y + 9.5, [f"**Điều {n}.** {article}" for n, article in enumerate(text["articles"], 1)])
    recipients(sheet, y + 2, recipient_list(commune, "Như Điều 3;"))
    signature(order, sheet, y + 2, signer, commune_seal(commune))
    fields = {
        "number": number,
        "issued_on": slashed(day),
        "place": commune.short,
        "agency": agency_name(commune),
        "subject": text["subject"],
        "signer_title": signer.titles[-1],
        "signer_name": signer.name,
    }
    return Draft(sheets=[sheet], fields=fields)


def slots(stream: Dice, commune: Commune, day: date) -> dict[str, str]:
    """Return random values for the slots of a text."""
    return {
        "commune": commune.name,
        "province": commune.province.name,
        "elsewhere": any_commune(stream).inline,
        "person": any_name(stream, female=False),
        "other": any_name(stream, female=True),
        "year": str(day.year),
        "number": f"{stream.randint(2, 98):02d}",
        "tenths": str(stream.randint(2, 9)),
        "percent": str(stream.randint(40, 95)),
        "amount": f"{stream.randint(5, 60)}.{stream.choice(('000', '500'))}.000",
    }


def _filled(text: Decision, values: dict[str, str]) -> Decision:
    return {
        "subject": text["subject"].format(**values),
        "grounds": [ground.format(**values) for ground in text["grounds"]],
        "articles": [article.format(**values) for article in text["articles"]],
    }


@cache
def _decisions() -> list[Decision]:
    path = files("models.specimens") / "data" / "decisions.toml"
    decisions: list[Decision] = tomllib.loads(path.read_text(encoding="utf-8"))["decision"]
    return decisions


KIND = Kind(code="QUYET_DINH", draw=draw)
