"""The tracking code of a complaint: whoever has it reads the answer; the hub keeps its hash alone."""

import secrets
from typing import Final

from contract.ids import sha256_hex

LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: none that is taken for another."""
LENGTH: Final = 12

_GROUP: Final = 4
_LOOKS_LIKE: Final = str.maketrans("OIL", "011")


def new_code() -> str:
    """Return a new code, 60 random bits: `4T7K-9QXM-0C3D`."""
    return grouped("".join(secrets.choice(LETTERS) for _ in range(LENGTH)))


def read_code(typed: str) -> str | None:
    """Return a code as it is written, from what somebody typed; None where that is none."""
    bare = "".join(filter(str.isalnum, typed.upper())).translate(_LOOKS_LIKE)
    return grouped(bare) if len(bare) == LENGTH and set(bare) <= set(LETTERS) else None


def grouped(bare: str) -> str:
    """Return the letters in groups of four."""
    return "-".join(bare[at : at + _GROUP] for at in range(0, len(bare), _GROUP))


def code_hash(code: str) -> str:
    """Return what the hub knows a code by."""
    return sha256_hex(code.encode())
