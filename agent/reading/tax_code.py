"""A business's number is its tax code: ten digits whose last is a check digit, and `-` three digits for a branch.

Source: the weights are those of the tax administration's coding rule (Bộ Tài chính, mã số thuế, TT 105/2020/TT-BTC).
"""

import re

_CODE = re.compile(r"(?<!\d)(\d{10})(?:\s?-\s?(\d{3}))?(?!\d)")
_PERSON = re.compile(r"(?<!\d)\d{12}(?!\d)")
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def find_tax_code(text: str) -> str:
    """Return `0110846370` or `0110846370-001`; of a household business since 2025 also its owner's twelve digits."""
    if found := _CODE.search(text):
        return f"{found[1]}-{found[2]}" if found[2] else found[1]
    person = _PERSON.search(text)
    return person[0] if person else ""


def is_tax_code(text: str) -> bool:
    """Return whether the check digit is right (10 minus the weighted sum modulo 11); twelve digits have none."""
    digits = [int(sign) for sign in text.partition("-")[0] if sign.isdigit()]
    if len(digits) == 12:
        return True
    weighted = sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return len(digits) == 10 and 10 - weighted % 11 == digits[-1]
