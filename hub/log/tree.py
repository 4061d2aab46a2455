"""The log's tree in the database: leaves, and the roots of the full subtrees of 256, 65,536 … leaves above them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.log import merkle
from hub.store.tables import LogLeaf, LogSubtree

WIDTH = 1 << merkle.TILE_HEIGHT


class Tree:
    """The tree as one transaction sees it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def size(self) -> int:
        """How many leaves there are; indices have no gap."""
        return self._session.scalar(select(func.count()).select_from(LogLeaf)) or 0

    def hashes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Return the hashes of full subtrees (`merkle.Hashes`); fewer where the tree is smaller."""
        end = first + count
        if level == 0:
            leaves = select(LogLeaf.leaf_hash).where(LogLeaf.index >= first, LogLeaf.index < end)
            return self._session.scalars(leaves.order_by(LogLeaf.index)).all()
        above = select(LogSubtree.hash).where(
            LogSubtree.level == level, LogSubtree.index >= first, LogSubtree.index < end
        )
        return self._session.scalars(above.order_by(LogSubtree.index)).all()

    def entries(self, first: int, count: int) -> Sequence[bytes]:
        """Return what is published of the leaves from `first` on."""
        leaves = select(LogLeaf.entry).where(LogLeaf.index >= first, LogLeaf.index < first + count)
        return self._session.scalars(leaves.order_by(LogLeaf.index)).all()

    def grow(self, size: int) -> None:
        """Store the roots of the full subtrees among the first `size` leaves that are not stored yet."""
        level = 1
        while full := size >> (merkle.TILE_HEIGHT * level):
            for index in range(self._stored(level), full):
                root = merkle.folded(self.hashes(level - 1, index * WIDTH, WIDTH))
                self._session.add(LogSubtree(level=level, index=index, hash=root))
            self._session.flush()
            level += 1

    def _stored(self, level: int) -> int:
        return self._session.scalar(select(func.count()).where(LogSubtree.level == level)) or 0
