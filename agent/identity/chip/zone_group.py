"""The machine-readable zone in DG1 (ICAO Doc 9303-10, 4.7.1)."""

from agent.identity import mrz
from agent.identity.chip import tlv
from agent.identity.errors import ChipAnswerBroken

_WIDTHS = {90: 30, 72: 36, 88: 44}


def parse(group: bytes) -> mrz.Zone:
    """Return the zone, its faults named; raise ChipAnswerBroken where there is none."""
    data = tlv.first(group, 0x61, 0x5F1F)
    width = _WIDTHS.get(len(data))
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        raise ChipAnswerBroken("DG1 is no ASCII") from None
    zone = mrz.parse([text[at : at + width] for at in range(0, len(text), width)]) if width else None
    if zone is None:
        raise ChipAnswerBroken("DG1 holds no machine-readable zone")
    return zone
