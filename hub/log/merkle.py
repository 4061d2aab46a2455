"""The Merkle tree of RFC 9162 §2.1 over SHA-256: roots, and proofs that anyone can check with a few hashes.

No kept library under a free enough licence does this for Python 3.11; the published vectors of RFC 6962 judge it.
"""

import hashlib
from collections.abc import Callable, Sequence

HASH_BYTES = 32
TILE_HEIGHT = 8
"""A hash of level n + 1 covers 2**8 hashes of level n; level 0 are the leaves (C2SP tlog-tiles)."""

Hashes = Callable[[int, int, int], Sequence[bytes]]
"""Returns, for a level, a first index and a count, the hashes of the full subtrees there."""


class ProofWrong(ValueError):
    """A proof does not show what it claims; the text says where it fails."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf, told apart from inner nodes by its first byte."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def folded(hashes: Sequence[bytes]) -> bytes:
    """Return the root of a full subtree from the hashes below it; their count is a power of two."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(left, right) for left, right in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def root(hashes: Hashes, size: int) -> bytes:
    """Return the hash of the tree of the first `size` leaves."""
    return _range(hashes, 0, size) if size else hashlib.sha256(b"").digest()


def inclusion_proof(hashes: Hashes, index: int, size: int) -> list[bytes]:
    """Return the path from leaf `index` up to the root of the first `size` leaves, lowest first (§2.1.3.1)."""
    proof: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            proof.append(_range(hashes, middle, end))
            end = middle
        else:
            proof.append(_range(hashes, start, middle))
            start = middle
    return proof[::-1]


def consistency_proof(hashes: Hashes, old: int, new: int) -> list[bytes]:
    """Return the hashes that show the first `old` leaves unchanged within the first `new`; 0 < old ≤ new (§2.1.4.1)."""
    proof: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            proof.append(_range(hashes, middle, end))
            end = middle
        else:
            proof.append(_range(hashes, start, middle))
            start, whole = middle, False
    if not whole:
        proof.append(_range(hashes, start, end))
    return proof[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], tree: bytes) -> None:
    """Return if `proof` leads from the leaf's hash to the root `tree`; raise ProofWrong (§2.1.3.2)."""
    _require_hashes([leaf, tree, *proof])
    if not 0 <= index < size:
        raise ProofWrong(f"leaf {index} is not within {size} leaves")
    node, last, reached = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise ProofWrong("the path is longer than the tree is high")
        if node & 1 or node == last:
            reached = node_hash(sibling, reached)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            reached = node_hash(reached, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofWrong("the path ends below the root")
    if reached != tree:
        raise ProofWrong("the path leads to another root")


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Return if `proof` shows the tree of `old` leaves within that of `new`; raise ProofWrong (§2.1.4.2)."""
    if not 0 < old <= new:
        raise ProofWrong(f"{old} leaves are not the beginning of {new}")
    if old == new:
        if proof or old_root != new_root:
            raise ProofWrong("two trees of one size differ")
        return
    _require_hashes([old_root, new_root, *proof])
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    if not path:
        raise ProofWrong("the proof is empty")
    first = second = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise ProofWrong("the proof is longer than the tree is high")
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofWrong("the proof ends below the root")
    if first != old_root or second != new_root:
        raise ProofWrong("the log was changed behind its earlier root")


def _range(hashes: Hashes, start: int, end: int) -> bytes:
    """Return the hash over the leaves from `start` to before `end`; `start` is a multiple of the next power of two."""
    count = end - start
    height = (count - 1).bit_length()
    if count == 1 << height:
        level, rest = divmod(height, TILE_HEIGHT)
        return folded(hashes(level, start >> (TILE_HEIGHT * level), 1 << rest))
    middle = start + (1 << (height - 1))
    return node_hash(_range(hashes, start, middle), _range(hashes, middle, end))


def _split(count: int) -> int:
    """Return the largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _require_hashes(hashes: Sequence[bytes]) -> None:
    if any(len(each) != HASH_BYTES for each in hashes):
        raise ProofWrong("a hash is not 32 bytes long")
