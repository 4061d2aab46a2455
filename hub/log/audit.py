"""The log checked from outside: every entry fetched, the tree built anew, and held against what was seen before."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from msgspec import Struct

from contract import note
from contract.note import Checkpoint, LogKey
from hub.log import merkle, tiles
from hub.log.tiles import Place
from hub.log.tree import WIDTH

Fetch = Callable[[str], bytes]
"""Returns what the log serves under a path below its address."""


class AuditFailed(ValueError):
    """The log is not what it says it is; the text says where."""


class Seen(Struct, frozen=True, kw_only=True):
    """The last head that an auditor saw, kept by the auditor."""

    origin: str
    size: int
    root: str

    @classmethod
    def of(cls, head: Checkpoint) -> "Seen":
        """Return the head as it is kept."""
        return cls(origin=head.origin, size=head.size, root=base64.b64encode(head.root).decode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """A log that holds: its head, and whether it was held against an earlier one."""

    head: Checkpoint
    grown_from: int | None


def audit(fetch: Fetch, key: LogKey, seen: Seen | None = None) -> Audited:
    """Return the head of a log all of whose entries, tiles and heads agree; raise AuditFailed, NoteWrong, ProofWrong.

    The tree is built from the entries alone; tiles are checked against it. What an auditor saw before must be its
    beginning, so a log that is rewritten or that shows two faces is found out by anyone who kept a head.
    """
    head = note.opened(fetch("checkpoint").decode(), key)
    leaves = _leaves(fetch, head.size)
    hashes = _Built(leaves)
    if merkle.root(hashes, head.size) != head.root:
        raise AuditFailed(f"the {head.size} entries do not make the root that is signed")
    _check_tiles(fetch, hashes, head.size)
    if seen is None or not seen.size:
        return Audited(head=head, grown_from=None)
    _check_seen(hashes, head, seen)
    return Audited(head=head, grown_from=seen.size)


class _Built:
    """The tree over leaves in memory, as `merkle.Hashes`."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels = [list(leaves)]
        while len(below := self._levels[-1]) >= WIDTH:
            full = range(0, len(below) - WIDTH + 1, WIDTH)
            self._levels.append([merkle.folded(below[at : at + WIDTH]) for at in full])

    def __call__(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Return the hashes there."""
        return self._levels[level][first : first + count]

    def __len__(self) -> int:
        return len(self._levels)


def _places(count: int) -> list[Place]:
    full, rest = divmod(count, WIDTH)
    places = [Place(number=number, width=WIDTH) for number in range(full)]
    return [*places, Place(number=full, width=rest)] if rest else places


def _leaves(fetch: Fetch, size: int) -> list[bytes]:
    found: list[bytes] = []
    for place in _places(size):
        entries = tiles.unpacked(fetch(f"tile/entries/{place.path}"))
        if len(entries) != place.width:
            raise AuditFailed(f"bundle {place.path} holds {len(entries)} entries")
        found += [merkle.leaf_hash(entry) for entry in entries]
    return found


def _check_tiles(fetch: Fetch, hashes: _Built, size: int) -> None:
    for level in range(len(hashes)):
        for place in _places(size >> (merkle.TILE_HEIGHT * level)):
            told = fetch(f"tile/{level}/{place.path}")
            if told != b"".join(hashes(level, place.number * WIDTH, place.width)):
                raise AuditFailed(f"tile {level}/{place.path} is not what the entries make")


def _check_seen(hashes: _Built, head: Checkpoint, seen: Seen) -> None:
    if seen.origin != head.origin:
        raise AuditFailed(f"the head kept here is of {seen.origin}, the log is {head.origin}")
    if head.size < seen.size:
        raise AuditFailed(f"the log had {seen.size} leaves and now shows {head.size}")
    proof = merkle.consistency_proof(hashes, seen.size, head.size)
    merkle.check_consistency(seen.size, head.size, base64.b64decode(seen.root), head.root, proof)
