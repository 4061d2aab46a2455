"""That one copy stands in the log, as a file that is checked without us (C2SP tlog-proof)."""

import base64
import binascii
from dataclasses import dataclass

from sqlalchemy.orm import Session

from contract import note
from contract.note import Checkpoint, LogKey
from hub.log import merkle
from hub.log.checkpoints import latest
from hub.log.tree import Tree

HEADER = "c2sp.org/tlog-proof@v1"
_MOST_HASHES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The index of a leaf, the path to the root, and the signed head over it."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str

    def __str__(self) -> str:
        path = "".join(f"{base64.b64encode(each).decode()}\n" for each in self.path)
        return f"{HEADER}\nindex {self.index}\n{path}\n{self.checkpoint}"

    @classmethod
    def parse(cls, text: str) -> "Proof":
        """Return the proof in a file; raise ProofWrong."""
        head, blank, checkpoint = text.partition("\n\n")
        lines = [line for line in head.split("\n") if not line.startswith("extra ")]
        if not blank or lines[0] != HEADER or len(lines) < 2 or len(lines) > _MOST_HASHES:
            raise merkle.ProofWrong("this is no proof of a log")
        word, _, index = lines[1].partition(" ")
        if word != "index" or not (index.isascii() and index.isdigit()):
            raise merkle.ProofWrong("the proof does not say which leaf it is of")
        try:
            path = tuple(base64.b64decode(line, validate=True) for line in lines[2:])
        except binascii.Error:
            raise merkle.ProofWrong("a hash of the proof is not base64") from None
        return cls(index=int(index), path=path, checkpoint=checkpoint)

    def check(self, entry: bytes, key: LogKey) -> Checkpoint:
        """Return the head that the entry stands under; raise ProofWrong or NoteWrong."""
        head = note.opened(self.checkpoint, key)
        merkle.check_inclusion(merkle.leaf_hash(entry), self.index, head.size, self.path, head.root)
        return head


def of_leaf(session: Session, index: int) -> Proof | None:
    """Return the proof of a leaf under the newest head, or None where no head covers it yet."""
    head = latest(session)
    if head is None or head.size <= index:
        return None
    path = merkle.inclusion_proof(Tree(session).hashes, index, head.size)
    return Proof(index=index, path=tuple(path), checkpoint=head.note)
