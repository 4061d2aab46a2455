"""A hub made of a backup gives no number again that was given after it (R7): who restores it says which was the last.

The word lies in the data folder before the keys do, and is taken over when the hub starts: nothing is signed without.
"""

import logging
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from hub.register import numbers
from hub.rooms import Hub
from hub.signing.credentials import write_whole
from hub.store import audit, counters

log = logging.getLogger(__name__)

_FILE = "last-number.json"


class LastNumber(Struct, frozen=True, kw_only=True):
    """The highest number that the register gave in a year, as people know it; 0 where it gave none."""

    year: int
    number: Annotated[int, Meta(ge=0)]


def leave_word(data_dir: Path, last: LastNumber) -> None:
    """Keep it for the hub's next start; raise OSError."""
    write_whole(data_dir / _FILE, msgspec.json.encode(last), mode=0o600)


def take_over(hub: Hub) -> None:
    """Let the numbers go on after what was left, or after the register's own last where that is higher."""
    path = hub.config.data_dir / _FILE
    if not path.exists():
        return
    last = msgspec.json.decode(path.read_bytes(), type=LastNumber)
    with hub.database.writing() as session:
        own = counters.raise_to(session, name := numbers.series(hub.config, last.year), last.number)
        if own < last.number:
            subject = f"{name} {own + 1}-{last.number}"
            audit.append(session, at=hub.clock.now(), who="hub", what=audit.Act.NUMBERS_PASSED_OVER, subject=subject)
    log.warning("restored: the numbers of %d go on after %d", last.year, max(own, last.number))
    path.unlink()
