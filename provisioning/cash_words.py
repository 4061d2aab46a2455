"""What a cash account comes to in words: a difference is said loudly, with what to look for."""

from collections.abc import Iterator, Mapping
from typing import Any

from agent.ledger.closing import Inside

_COUNT = "Count tubes and cassette by hand and report it."
_SLIPS = {
    None: "This kiosk has no ticket printer, so there is no slip.",
    "PRINTED": "The slip is printed; sign it and keep it with the money.",
    "NOT_PRINTED": "The slip could not be printed. Note the lines above; the hub has them too.",
    "UNKNOWN": "Whether the slip came out is not known. Note the lines above if it did not.",
}

WHY = {
    "escrow": "an order that an officer has to look at",
    "owed": "a payout that may not have come out",
    "box": "a note or coin that the machine may not have",
    "held": "a card that may not have been charged",
}
OWED = "owed since a visit that is over"
BECAME = {
    "returned": "was given back outside of the machine",
    "fee": "is the State's fee",
    "print": "is print cost",
    "came-out": "had come out of the machine",
    "never-in": "was never in the machine",
    "not-held": "was never held on the card, or went back to it",
}
FOUND_HELP = "What became of it: " + "; ".join(f"{found}: it {became}" for found, became in BECAME.items()) + "."

TAKE_IT_OUT = (
    "Start the kiosk, take everything out with `tram cash close`, leave no change in it, then stop it and call this"
    " again. Where it does not run any more, count the money by hand and add --cash-inside."
)
NEVER_COLLECTED = (
    "No collection was ever recorded here, so what was filled in for change stands in no books. Look into tubes and"
    " cassette."
)


def inside(cash: Inside) -> str:
    """Return what the books say of cash in the machine, empty where they say that there is none."""
    if not cash.vnd and not cash.is_being_collected:
        return ""
    told = f"By its books {cash.vnd:,} đ are inside this kiosk."
    if cash.vnd < 0:
        told = f"This kiosk handed out {-cash.vnd:,} đ more than its books say was in it."
    if cash.last is None:
        told = f"{told[:-1]}, besides what was filled in for change."
    elif cash.is_being_collected:
        told += f" Collection {cash.last.number} by {cash.last.collector} was begun and not finished."
    return f"{told} {cash.unknown_vnd:,} đ wait for a person to find out whose they are." if cash.unknown_vnd else told


def difference(report: Mapping[str, Any], difference_vnd: int) -> str:
    """Return the sentence on what the machine holds beyond the books, or lacks."""
    expected, held = report["expected_vnd"], report["expected_vnd"] + difference_vnd
    both = f"it holds {held:,} đ where the books say {expected:,} đ"
    if not difference_vnd:
        return "Books and machine agree to the đồng."
    if difference_vnd < 0:
        look = "Look for a note that was fished out, a jammed coin, or money taken without a collection."
        return f"THE MACHINE LACKS {-difference_vnd:,} đ: {both}. {look} {_COUNT}"
    look = "Look for coins that were filled in without a collection, or a payout that never came out."
    return f"THE MACHINE HOLDS {difference_vnd:,} đ TOO MUCH: {both}. {look} {_COUNT}"


def standing(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each sum of which the account alone does not tell what it is."""
    if report["since"] is None:
        yield (
            f"First period: the {report['left_before_vnd']:,} đ filled in before it are taken from the devices' own"
            " count; a loss in it would not show."
        )
    if report["unknown_vnd"]:
        yield f"{report['unknown_vnd']:,} đ wait for a person to find out whose they are."
    if report["open_vnd"]:
        yield f"{report['open_vnd']:,} đ belong to visits that are not over yet."


def slip_sentence(outcome: str | None) -> str:
    """Return what became of the collector's slip."""
    return _SLIPS[outcome]
