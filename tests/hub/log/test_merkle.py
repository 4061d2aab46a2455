"""The Merkle tree against the published vectors, and against a tree built by the definition itself."""

import base64
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.log import merkle
from hub.log.merkle import ProofWrong


def by_definition(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162 §2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return merkle.node_hash(by_definition(leaves[:k]), by_definition(leaves[k:]))


def leaves_of(count: int) -> list[bytes]:
    return [merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(count)]


def hashes_of(leaves: Sequence[bytes]) -> merkle.Hashes:
    """Every level worked out from the leaves, without our tiles."""

    def hashes(level: int, first: int, count: int) -> Sequence[bytes]:
        wide = 256**level
        return [by_definition(leaves[at * wide : (at + 1) * wide]) for at in range(first, first + count)]

    return hashes


def decoded(vector: dict[str, object], name: str) -> bytes:
    return base64.b64decode(str(vector[name] or ""))


def proof_of(vector: dict[str, object]) -> list[bytes]:
    proof = vector["proof"] or []
    assert isinstance(proof, list)
    return [base64.b64decode(each) for each in proof]


def test_published_inclusion_proofs(shared: Path) -> None:
    vectors = json.loads((shared / "samples/merkle/rfc6962_vectors.json").read_text())["inclusion"]
    wrong = []
    for vector in vectors:
        leaf, tree = decoded(vector, "leafHash"), decoded(vector, "root")
        try:
            merkle.check_inclusion(leaf, vector["leafIdx"], vector["treeSize"], proof_of(vector), tree)
            held = True
        except ProofWrong:
            held = False
        if held == vector["wantErr"]:
            wrong.append(vector["file"])
    assert len(vectors) == 98
    assert wrong == []


def test_published_consistency_proofs(shared: Path) -> None:
    vectors = json.loads((shared / "samples/merkle/rfc6962_vectors.json").read_text())["consistency"]
    wrong = []
    for vector in vectors:
        roots = decoded(vector, "root1"), decoded(vector, "root2")
        try:
            merkle.check_consistency(vector["size1"], vector["size2"], *roots, proof_of(vector))
            held = True
        except ProofWrong:
            held = False
        if held == vector["wantErr"]:
            wrong.append(vector["file"])
    assert len(vectors) == 98
    assert wrong == []


@settings(deadline=None)
@given(st.integers(1, 700), st.data())
def test_every_leaf_is_proven_and_no_other(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    hashes, tree = hashes_of(leaves), by_definition(leaves)
    index = data.draw(st.integers(0, size - 1))
    proof = merkle.inclusion_proof(hashes, index, size)
    assert merkle.root(hashes, size) == tree
    merkle.check_inclusion(leaves[index], index, size, proof, tree)
    with pytest.raises(ProofWrong):
        merkle.check_inclusion(merkle.leaf_hash(b"another"), index, size, proof, tree)
    if size > 1:
        with pytest.raises(ProofWrong):
            merkle.check_inclusion(leaves[index], (index + 1) % size, size, proof, tree)


@settings(deadline=None)
@given(st.integers(1, 700), st.data())
def test_a_longer_log_is_shown_to_begin_with_the_shorter_one(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    leaves = leaves_of(new)
    roots = by_definition(leaves[:old]), by_definition(leaves)
    proof = merkle.consistency_proof(hashes_of(leaves), old, new)
    merkle.check_consistency(old, new, *roots, proof)
    rewritten = by_definition([merkle.leaf_hash(b"rewritten"), *leaves[1:old]])
    with pytest.raises(ProofWrong):
        merkle.check_consistency(old, new, rewritten, roots[1], proof)
    for at in range(len(proof)):
        bent = [*proof[:at], merkle.leaf_hash(proof[at]), *proof[at + 1 :]]
        with pytest.raises(ProofWrong):
            merkle.check_consistency(old, new, *roots, bent)
