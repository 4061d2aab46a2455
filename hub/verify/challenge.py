"""The six digits that the page /genuine shows, and whether digits were shown there in the last minutes.

They are worked out from the hub's secret and the minute, so that nothing is kept and any hub of this agency knows them.
All who open the page in the same minute get the same digits; nobody outside the hub knows those of the next one.
"""

import hashlib
import hmac

from contract.genuine import DIGITS
from hub.rooms import Hub

GOOD_FOR_MIN = 5


def shown(hub: Hub) -> str:
    """Return the digits of this minute, good for GOOD_FOR_MIN minutes at least."""
    return _digits(hub.genuine_secret, _minute(hub))


def was_shown(hub: Hub, digits: str) -> bool:
    """Return whether the page showed these digits in this minute or the GOOD_FOR_MIN before."""
    key, now = hub.genuine_secret, _minute(hub)
    return digits in {_digits(key, now - ago) for ago in range(GOOD_FOR_MIN + 1)}


def _minute(hub: Hub) -> int:
    return int(hub.clock.now().timestamp()) // 60


def _digits(key: bytes, minute: int) -> str:
    number = int.from_bytes(hmac.digest(key, minute.to_bytes(8, "big"), hashlib.sha256), "big")
    return f"{number % 10**DIGITS:0{DIGITS}d}"
