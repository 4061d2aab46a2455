"""What the holder of a copy is told about its leaf in the public log."""

from msgspec import Struct

from hub.log import leaves, proof
from hub.register.numbers import log_record
from hub.rooms import Hub
from hub.store.tables import Issue, LogLeaf, RegisterRow, RequestRow


class InLog(Struct, frozen=True, kw_only=True):
    """`SHA-256(salt ‖ told)` is the entry of leaf `index`; `proof` leads to a signed head, empty until one covers it.

    `told` is JSON text, byte for byte as it was hashed; `salt` is hexadecimal; `proof` is a C2SP tlog-proof.
    """

    index: int
    told: str
    salt: str
    proof: str

    @property
    def entry(self) -> bytes:
        """What the log publishes of the copy."""
        return leaves.entry_of(bytes.fromhex(self.salt), self.told.encode())


def in_log(hub: Hub, copy_id: str) -> InLog | None:
    """Return how a copy stands in the log, or None where there is no such copy."""
    with hub.database.reading() as session:
        issue = session.get(Issue, copy_id)
        if issue is None:
            return None
        leaf = session.get_one(LogLeaf, issue.log_index)
        draft = session.get_one(RequestRow, issue.request).draft_sha256
        record = log_record(copy_id, session.get_one(RegisterRow, issue.register_row), draft)
        proven = proof.of_leaf(session, issue.log_index)
        return InLog(
            index=issue.log_index,
            told=record.told(leaf.private_salt).decode(),
            salt=leaf.salt.hex(),
            proof=str(proven) if proven else "",
        )
