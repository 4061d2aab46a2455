"""What goes to the page printer: the signed copy itself, byte for byte, as often as it was ordered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintOrder:
    """A signed PDF and how many copies of it; `key` names the job, so that one order is printed once."""

    key: str
    pdf: bytes
    copies: int


def order(request_id: str, signed_pdf: bytes, copies: int) -> PrintOrder:
    """Return the print order of a certified copy; its key follows from the request, so a retry has the same."""
    return PrintOrder(key=f"tram-{request_id}", pdf=signed_pdf, copies=copies)
