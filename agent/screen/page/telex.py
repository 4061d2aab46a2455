"""Vietnamese by Telex: what a word becomes by one more key (the typing that most keyboards in Vietnam are set to).

`aa` â, `aw` ă, `ee` ê, `oo` ô, `ow` ơ, `uw` ư, `dd` đ; tones s f r x j, z takes the tone away; the same key again
undoes. A key changes a letter that stands farther back too (`tuana` is tuân). The tone stands where schoolbooks of
names have it: hòa, thúy, hoàng.
"""

import re
import unicodedata
from typing import Final

TONES: Final = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323", "z": ""}
"""The tone keys and their combining marks: sắc, huyền, hỏi, ngã, nặng, none."""

_DOUBLED: Final = {"a": "â", "e": "ê", "o": "ô", "d": "đ"}
_HOOKED: Final = {"a": "ă", "o": "ơ", "u": "ư"}
_SHAPED: Final = "âêôăơư"
_VOWELS: Final = "aeiouy" + _SHAPED


def letter_typed(text: str, value: str) -> str:
    """Return `text` after a key of the screen: a letter, `del`, `space`, or `tone-` and a key of TONES."""
    match value:
        case "del":
            return text[:-1]
        case "space":
            return f"{text} " if text and not text.endswith(" ") else text
        case _ if value.startswith("tone-") and value[5:] in TONES:
            return toned(text, value[5:])
        case _ if len(value) == 1 and (value.isalpha() or value in "'-"):
            return typed(text, value)
    return text


def typed(text: str, key: str) -> str:
    """Return `text` with one more letter, typed by Telex in its last word; NFC."""
    head, space, word = text.rpartition(" ")
    return head + space + _typed(word, key)


def toned(text: str, tone: str) -> str:
    """Return `text` whose last word carries this tone, a key of TONES; unchanged where it has no vowel."""
    head, space, word = text.rpartition(" ")
    return head + space + _placed(_split(word)[0], TONES[tone])


def _typed(word: str, key: str) -> str:
    plain, tone = _split(word)
    low = key.lower()
    if low in TONES and _nucleus(plain) and (TONES[low] or tone):
        return _placed(plain, TONES[low]) if TONES[low] != tone else _placed(plain, "") + key
    shaped = _shaped(plain, low)
    return _placed(plain + key if shaped is None else shaped, tone)


def _shaped(plain: str, key: str) -> str | None:
    """Return the word with a letter marked, or unmarked by the same key again; None where the key marks none."""
    if key == "w":
        return _hooked(plain)
    if key not in _DOUBLED:
        return None
    if plain.lower().endswith(_DOUBLED[key]):  # the same key again takes the mark away
        return plain[:-1] + _like(plain[-1], key) + key
    at = plain.lower().rfind(key)
    rest = plain[at + 1 :].lower()
    if at < 0 or (key == "d" and at > 0) or (key != "d" and any(letter in _VOWELS for letter in rest)):
        return None
    return plain[:at] + _like(plain[at], _DOUBLED[key]) + plain[at + 1 :]


def _hooked(plain: str) -> str | None:
    low = plain.lower()
    if low[-1:] in ("ă", "ơ", "ư"):
        return plain[:-1] + _like(plain[-1], {"ă": "a", "ơ": "o", "ư": "u"}[low[-1]]) + "w"
    pair = re.search(r"(?<!q)[uư]o", low)
    if pair:
        at = pair.start()
        return plain[:at] + _like(plain[at], "ư") + _like(plain[at + 1], "ơ") + plain[at + 2 :]
    ends = re.search(r"(?<!q)u[au]$", low)  # mưa, lưu
    at = ends.start() if ends else max(low.rfind(letter) for letter in _HOOKED)
    return None if at < 0 else plain[:at] + _like(plain[at], _HOOKED[low[at]]) + plain[at + 1 :]


def _split(word: str) -> tuple[str, str]:
    """Return a word without its tone, and the tone's mark."""
    apart = unicodedata.normalize("NFD", word)
    marks = [letter for letter in apart if letter in TONES.values()]
    plain = "".join(letter for letter in apart if letter not in marks)
    return unicodedata.normalize("NFC", plain), marks[-1] if marks else ""


def _placed(plain: str, tone: str) -> str:
    nucleus = _nucleus(plain)
    if not tone or nucleus is None:
        return plain
    start, end = nucleus
    letters = plain[start:end].lower()
    shaped = [at for at, letter in enumerate(letters) if letter in _SHAPED]
    is_second = len(letters) == 3 or (len(letters) == 2 and end < len(plain))
    at = shaped[-1] if shaped else int(is_second)
    return unicodedata.normalize("NFC", plain[: start + at + 1] + tone + plain[start + at + 1 :])


def _nucleus(plain: str) -> tuple[int, int] | None:
    """Return where the vowels that carry the tone stand; `qu` and `gi` before a vowel belong to the consonant."""
    low = plain.lower()
    runs = list(re.finditer(f"[{_VOWELS}]+", low))
    if not runs:
        return None
    start, end = runs[-1].span()
    if start and low[start - 1 : start + 1] in ("qu", "gi") and end - start > 1:
        start += 1
    return start, end


def _like(before: str, letter: str) -> str:
    return letter.upper() if before.isupper() else letter
