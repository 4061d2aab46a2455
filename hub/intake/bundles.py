"""Bundles of logs that kiosks collected because an operator asked: chunk by chunk like drafts, whole or not at all."""

from sqlalchemy import select

from contract.jobs import Verb
from contract.messages import BundleRequest, RequestEnvelope, SendChunks, Stored
from contract.topics import BlobTopic
from hub.intake import answers, chunks
from hub.intake.answers import Outgoing
from hub.intake.refusals import BundleTooLarge, NotYours, ReplayedId
from hub.rooms import Hub
from hub.store import audit
from hub.store.tables import JobRow, Kiosk

BUNDLE = "bundle"
MOST_BYTES = 8 * 1024 * 1024


def take(hub: Hub, kiosk: Kiosk, envelope: RequestEnvelope) -> list[Outgoing]:
    """Return that the bundle is here, or which chunks are missing; raise NotYours, BundleTooLarge, ReplayedId."""
    body = envelope.body
    assert isinstance(body, BundleRequest)
    if body.blob.size_bytes > MOST_BYTES:
        raise BundleTooLarge(f"The bundle has {body.blob.size_bytes} bytes, at most {MOST_BYTES} are taken.")
    with hub.database.writing() as session:
        job = session.get(JobRow, body.job, with_for_update=True)
        if job is None or (job.kiosk, job.verb) != (kiosk.id, Verb.COLLECT_LOGS):
            raise NotYours(f"{kiosk.id} was not asked for a bundle under {body.job}.")
        if job.bundle_sha256 not in (None, body.blob.sha256):
            raise ReplayedId(f"The job {job.id} has another bundle already.")
        job.bundle_sha256, job.bundle_bytes = body.blob.sha256, body.blob.size_bytes
    missing = () if job.bundle_at else hub.chunks.missing(kiosk.id, body.blob.sha256, body.blob.size_bytes)
    whole = job.bundle_at is not None or (not missing and _put_together(hub, job))
    said = Stored() if whole else SendChunks(missing=missing or tuple(range(body.blob.chunks)))
    return [answers.reply(hub.clock, kiosk.id, BUNDLE, envelope.id, said)]


def awaits(hub: Hub, chunk: BlobTopic) -> bool:
    """Return whether this is a chunk of a bundle that the kiosk announced."""
    return _announced(hub, chunk) is not None


def take_chunk(hub: Hub, chunk: BlobTopic, content: bytes) -> None:
    """Keep a chunk; the kiosk then asks whether it was the last. Raise ChunkSize."""
    job = _announced(hub, chunk)
    assert job is not None and job.bundle_bytes is not None
    if job.bundle_at is None:
        chunks.keep(hub, chunk, content, job.bundle_bytes)


def _announced(hub: Hub, chunk: BlobTopic) -> JobRow | None:
    named = select(JobRow).where(JobRow.kiosk == chunk.kiosk, JobRow.bundle_sha256 == chunk.sha256)
    with hub.database.reading() as session:
        return session.scalars(named.limit(1)).first()


def _put_together(hub: Hub, job: JobRow) -> bool:
    """Store the whole where its chunks make its hash; else throw them away, so that they are sent again."""
    assert job.bundle_sha256 is not None and job.bundle_bytes is not None
    content = chunks.take_whole(hub, job.kiosk, job.bundle_sha256, job.bundle_bytes)
    if content is None:
        return False
    hub.bundles.put(content)
    now = hub.clock.now()
    with hub.database.writing() as session:
        session.get_one(JobRow, job.id).bundle_at = now
        audit.append(session, at=now, who=job.kiosk, what=audit.Act.LOGS_STORED, subject=job.id)
    return True
