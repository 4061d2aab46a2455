"""Words as they are searched: Vietnamese is typed with and without its marks."""

import unicodedata

_STROKE = str.maketrans("đĐ", "dD")


def folded(text: str) -> str:
    """Return `text` in lower case without diacritics, đ as d, with single spaces: `Đỗ  Văn Ý` → `do van y`."""
    apart = unicodedata.normalize("NFD", text.translate(_STROKE))
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(bare.lower().split())


def beginnings(text: str) -> str:
    """Return `text` so that every word of it, folded, stands after a space: ` do van y`."""
    return f" {folded(text)}"
