"""The log's signed heads: one for each size that was ever published, and none that contradicts an earlier one."""

import asyncio
import logging

from sqlalchemy import select
from sqlalchemy.orm import Session

from contract.note import LogSigner
from hub.faults import LogRewritten
from hub.log import merkle
from hub.log.tree import Tree
from hub.rooms import Hub
from hub.store.tables import LogCheckpoint

EVERY_S = 10.0
"""A leaf is in a checkpoint at most so much later (and the time to make it)."""

log = logging.getLogger(__name__)


async def run(hub: Hub, signer: LogSigner) -> None:
    """Publish a new head whenever the log has grown, for ever; raise LogRewritten."""
    while True:
        await asyncio.to_thread(publish, hub, signer)
        await hub.clock.sleep(EVERY_S)


def publish(hub: Hub, signer: LogSigner) -> LogCheckpoint:
    """Return the head over all leaves, signed and committed where it is new.

    Raises LogRewritten where the leaves are no longer those of the last head: then nothing is signed (a person looks).
    """
    with hub.database.reading() as session:
        last = latest(session)
        if last is not None and last.size == Tree(session).size:
            return last
    with hub.database.writing() as session:
        return _sign(hub, session, signer)


def latest(session: Session) -> LogCheckpoint | None:
    """Return the newest head, or None before the first."""
    return session.scalars(select(LogCheckpoint).order_by(LogCheckpoint.size.desc()).limit(1)).first()


def _sign(hub: Hub, session: Session, signer: LogSigner) -> LogCheckpoint:
    tree, last = Tree(session), latest(session)
    size = tree.size
    tree.grow(size)
    if last is not None and (size < last.size or merkle.root(tree.hashes, last.size) != last.root):
        raise LogRewritten(f"The log's first {last.size} leaves are not those that were published.")
    if last is not None and last.size == size:
        return last
    root = merkle.root(tree.hashes, size)
    head = LogCheckpoint(size=size, root=root, note=signer.sign(size, root), at=hub.clock.now())
    session.add(head)
    return head
