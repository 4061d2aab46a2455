"""C40 text of visible digital seals: three characters in two bytes (ICAO Doc 9303-13, after ISO/IEC 16022).

Only the basic set is used by seals: space, 0–9, A–Z. One character left over is written 0xFE, ASCII + 1; two are padded
with Shift 1.
"""

from collections.abc import Iterator

from contract.seal_faults import BadText, Truncated

_ALPHABET = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FIRST_CODE = 3
_SHIFT_1 = 0
_UNLATCH = 0xFE


def encoded_size(characters: int) -> int:
    """Return how many bytes `characters` take."""
    return -(-characters // 3) * 2


def encode(text: str) -> bytes:
    """Return `text` in C40; raise BadText where it has other characters than space, 0–9, A–Z."""
    return b"".join(_pack(text[start : start + 3]) for start in range(0, len(text), 3))


def decode(raw: bytes) -> str:
    """Return the text of `raw`; raise BadText for anything that `encode` does not write."""
    if len(raw) % 2:
        raise Truncated("A text in the seal has an odd number of bytes")
    pairs = [raw[start : start + 2] for start in range(0, len(raw), 2)]
    text = "".join(map(_unpack, pairs))
    if encode(text) != raw:
        raise BadText(f"The text {raw.hex()} in the seal ends in the middle")
    return text


def _pack(group: str) -> bytes:
    codes = [*map(_code, group), _SHIFT_1]
    if len(group) == 1:
        return bytes((_UNLATCH, ord(group) + 1))
    return (1600 * codes[0] + 40 * codes[1] + codes[2] + 1).to_bytes(2, "big")


def _code(character: str) -> int:
    if character not in _ALPHABET:
        raise BadText(f"The character {character!r} can't be written in a seal's C40 text (space, 0–9, A–Z only)")
    return _ALPHABET.index(character) + _FIRST_CODE


def _unpack(pair: bytes) -> str:
    if pair[0] == _UNLATCH:
        return chr(max(pair[1] - 1, 0))
    return "".join(_characters(int.from_bytes(pair, "big") - 1, pair))


def _characters(number: int, pair: bytes) -> Iterator[str]:
    codes = [number // 1600, number // 40 % 40, number % 40]
    for code in codes[:2] if codes[2] == _SHIFT_1 else codes:
        if not _FIRST_CODE <= code < _FIRST_CODE + len(_ALPHABET):
            raise BadText(f"The bytes {pair.hex()} in the seal are no C40 text")
        yield _ALPHABET[code - _FIRST_CODE]
