"""Byte strings in chunks: which chunks to send, which still to come, and whether the whole is what its name says."""

from collections import OrderedDict, deque
from collections.abc import Iterable, Iterator

from contract.ids import sha256_hex
from contract.messages import MAX_DRAFT_BYTES, BlobRef
from contract.topics import BLOB_CHUNK_BYTES

_REMEMBERED_BLOBS = 64


def cut(content: bytes, wanted: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """Yield number and bytes of the wanted chunks, once each; numbers that the blob does not have are passed over."""
    for index in sorted(set(wanted)):
        chunk = content[index * BLOB_CHUNK_BYTES : (index + 1) * BLOB_CHUNK_BYTES] if index >= 0 else b""
        if chunk:
            yield index, chunk


class Collector:
    """Chunks that arrive in any order, doubled or not, until they make a whole; bounded, the oldest blob goes first."""

    def __init__(self, limit_bytes: int = MAX_DRAFT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._parts: OrderedDict[str, dict[int, bytes]] = OrderedDict()
        self._taken: deque[str] = deque(maxlen=_REMEMBERED_BLOBS)

    def add(self, sha256: str, index: int, chunk: bytes) -> None:
        """Keep a chunk of a blob that is not yet complete."""
        if sha256 in self._taken:
            return
        self._parts.setdefault(sha256, {})[index] = chunk
        while self._held_bytes > self._limit_bytes:
            self._parts.popitem(last=False)

    def missing(self, blob: BlobRef) -> tuple[int, ...]:
        """Return the numbers of the chunks still to come."""
        parts = self._parts.get(blob.sha256, {})
        return tuple(index for index in range(blob.chunks) if index not in parts)

    def take(self, blob: BlobRef) -> bytes | None:
        """Return the whole once it is there; chunks that make something else than the blob's hash are thrown away."""
        if self.missing(blob):
            return None
        parts = self._parts.pop(blob.sha256)
        content = b"".join(parts[index] for index in range(blob.chunks))
        if len(content) != blob.size_bytes or sha256_hex(content) != blob.sha256:
            return None
        self._taken.append(blob.sha256)
        return content

    @property
    def _held_bytes(self) -> int:
        return sum(len(chunk) for parts in self._parts.values() for chunk in parts.values())
