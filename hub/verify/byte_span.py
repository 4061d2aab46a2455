"""One byte range of a download that is taken up again (RFC 9110, section 14)."""

import re

_SPAN = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class NoSuchSpan(ValueError):
    """The range lies behind the end: answered with 416."""


def span_of(header: str, size: int) -> tuple[int, int] | None:
    """Return the first byte and the one after the last, or None: the whole; raise NoSuchSpan.

    A header of another unit, of several ranges or of none that can be read asks for the whole, as the RFC allows.
    """
    said = _SPAN.fullmatch(header.replace(" ", ""))
    if said is None or said.groups() == ("", ""):
        return None
    first, last = said.groups()
    if not first:  # the last so many bytes
        begin, end = max(0, size - int(last)), size
    else:
        begin, end = int(first), min(size, int(last) + 1 if last else size)
        if last and int(last) < int(first):
            return None
    if begin >= end:
        raise NoSuchSpan(header)
    return begin, end
