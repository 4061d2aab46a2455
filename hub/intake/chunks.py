"""What comes in chunks: each must be a part of what was announced, the whole must be what its name says."""

from contract.ids import sha256_hex
from contract.topics import BLOB_CHUNK_BYTES, BlobTopic
from hub.intake.refusals import ChunkSize
from hub.rooms import Hub


def keep(hub: Hub, chunk: BlobTopic, content: bytes, size_bytes: int) -> None:
    """Keep a chunk of a blob of `size_bytes`; raise ChunkSize."""
    left = size_bytes - chunk.index * BLOB_CHUNK_BYTES
    if left <= 0 or len(content) != min(left, BLOB_CHUNK_BYTES):
        raise ChunkSize(f"Chunk {chunk.index} with {len(content)} bytes is no part of {size_bytes} bytes.")
    hub.chunks.put(chunk.kiosk, chunk.sha256, chunk.index, content)


def take_whole(hub: Hub, kiosk: str, sha256: str, size_bytes: int) -> bytes | None:
    """Return the whole where its chunks, all of them here, make its hash; None where they are to be sent again.

    The chunks are gone afterwards.
    """
    content = hub.chunks.joined(kiosk, sha256, size_bytes)
    hub.chunks.discard(kiosk, sha256)
    return content if sha256_hex(content) == sha256 else None
