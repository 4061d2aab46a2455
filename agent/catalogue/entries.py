"""What an index is made over: procedures, and what is known to be elsewhere."""

from typing import Final

from contract.catalogue import Elsewhere, Procedure

Entry = Procedure | Elsewhere

OFTEN_ASKED: Final = 1.1
"""By so much more a procedure is believed to be meant that many people come for."""


def prior(entry: Entry) -> float:
    """Return by how much more than others an entry is believed to be meant, before anything was asked."""
    return OFTEN_ASKED if isinstance(entry, Procedure) and entry.often else 1.0
