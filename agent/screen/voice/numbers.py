"""Whole numbers in Vietnamese words; kept libraries for it are under the GPL, or say 2026 wrongly."""

from typing import Final

DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES: Final = ("", "nghìn", "triệu", "tỷ")
MOST: Final = 10**12 - 1


def in_words(number: int) -> str:
    """Return `number`, 0 to MOST, as it is read aloud in the north: 2026 hai nghìn không trăm hai mươi sáu."""
    if not 0 <= number <= MOST:
        raise ValueError(f"{number} is beyond what is read in words")
    if number == 0:
        return DIGITS[0]
    groups = [number // 1000**place % 1000 for place in range(len(_SCALES))]
    highest = max(place for place, group in enumerate(groups) if group)
    said = [
        f"{_hundreds(groups[place], whole=place < highest)} {_SCALES[place]}"
        for place in range(highest, -1, -1)
        if groups[place]
    ]
    return " ".join(" ".join(said).split())


def _hundreds(group: int, *, whole: bool) -> str:
    """Return three digits; `whole` says an empty hundred too, as behind a larger group."""
    hundreds, rest = divmod(group, 100)
    said = [DIGITS[hundreds], "trăm"] if hundreds or whole else []
    tens, ones = divmod(rest, 10)
    if tens == 0:
        said += ["linh"] * bool(ones and said) + [DIGITS[ones]] * bool(ones)
    else:
        said += ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
        said += [_behind_tens(tens, ones)] if ones else []
    return " ".join(said)


def _behind_tens(tens: int, ones: int) -> str:
    if ones == 5:
        return "lăm"
    return "mốt" if ones == 1 and tens > 1 else DIGITS[ones]
