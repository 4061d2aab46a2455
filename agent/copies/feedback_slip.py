"""The slip of who wants an answer: the tracking code, as letters and as QR."""

from datetime import datetime

from agent.copies.roll import Roll
from contract.clock import VIETNAM


def render(code: str, address: str, *, kiosk: str, site: str, when: datetime) -> bytes:
    """Return the slip as a one-bit PNG, 576 dots wide (80 mm at 203 dpi)."""
    roll = Roll()
    roll.gap(16)
    roll.text(site, size=24, centred=True)
    roll.gap(10)
    roll.text("PHIẾU THEO DÕI GÓP Ý", size=32, bold=True, centred=True)
    roll.gap(8)
    roll.text(when.astimezone(VIETNAM).strftime("%d/%m/%Y   %H:%M"), size=24, centred=True)
    roll.text(f"Trạm {kiosk}", size=20, centred=True)
    roll.rule()
    roll.text("Mã theo dõi", size=20, centred=True)
    roll.text(code, size=44, bold=True, centred=True)
    roll.gap(8)
    roll.qr(address)
    roll.text("Quét mã để xem câu trả lời. Ai có mã này đều xem được.", size=24)
    roll.gap(28)
    return roll.png()
