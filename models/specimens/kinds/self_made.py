"""Papers that people write themselves: head, and the commune's confirmation without which no copy is certified.

Source: NĐ 23/2015 Art. 22(6).
"""

from ..faces import Style
from ..order import Order
from ..places import Commune
from ..sheet import Sheet
from ..values import Flaw
from .state_paper import BODY, agency_name, commune_seal, commune_signer, motto, prose, signature, state_sheet


def self_made_sheet(order: Order, name: str) -> Sheet:
    """Return a sheet with motto and title; the text starts at y = 62 mm."""
    sheet = state_sheet(order)
    motto(sheet, 110, 25)
    sheet.write(110, 47, name, Style(size_pt=16, bold=True), align="centre")
    return sheet


def confirmation(order: Order, sheet: Sheet, y: float, commune: Commune) -> None:
    """Add the commune's confirmation with seal, unless the paper shall have none."""
    if Flaw.NO_SEAL in order.flaws:
        return
    signer = commune_signer(order, "confirming signer")
    confirming = f"Xác nhận của {agency_name(commune)}: chữ ký trên là đúng của người khai, cư trú tại địa phương."
    y = prose(sheet, y, [confirming], BODY.but(size_pt=12.5, italic=True))
    signature(order, sheet, y + 2, signer, commune_seal(commune))
