"""The letters of Vietnamese."""

import unicodedata

_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


def _accented_letters() -> str:
    toned = {unicodedata.normalize("NFC", base + tone) for base in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY" for tone in _TONES}
    return "".join(sorted(toned - set("aeiouyAEIOUY"))) + "đĐ"


VIETNAMESE = _accented_letters()
"""The 134 letters of Vietnamese that ASCII lacks, both cases."""
