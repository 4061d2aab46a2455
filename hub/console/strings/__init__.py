"""Every sentence of the console, Vietnamese first, English small beside it (see contract.words)."""

from functools import cache
from pathlib import Path

from contract.words import Strings, TranslationMissing, Words
from hub.faults import ConfigInvalid

__all__ = ["FOLDER", "Strings", "Words", "strings"]

FOLDER = Path(__file__).parent


@cache
def strings() -> Strings:
    """Return the console's sentences; raise ConfigInvalid where a translation is missing."""
    try:
        return Strings.of(FOLDER)
    except TranslationMissing as fault:
        raise ConfigInvalid(str(fault)) from fault
