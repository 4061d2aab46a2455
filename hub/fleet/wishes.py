"""What operators can ask of a kiosk, and the row that a wish becomes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy.orm import Session

from contract.jobs import Release, Setting, Verb
from contract.messages import BlobRef
from hub.faults import JobMalformed
from hub.store.tables import JobPlace, JobRow, ShadowRow

CONFIGURE = "configure"
"""The hub's own verb: its document travels as the kiosk's shadow."""
VERBS = (*Verb, CONFIGURE)
LASTS_S = 3600
LONGEST_S = 7 * 86_400
_SETTINGS = msgspec.json.Decoder(dict[str, Setting])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an operator asks for: `settings` are the whole document of a configuration, None for all other verbs.

    `blob` is the newest catalogue where one is to be taken (`hub.fleet.catalogue`), `release` the version of the
    program where kiosks are to be updated.
    """

    verb: str
    settings: Mapping[str, Setting] | None = None
    lasts_s: int = LASTS_S
    blob: BlobRef | None = None
    release: str = ""

    def body(self) -> bytes:
        """Return what the verb brings with it, as it is kept; raise JobMalformed where the wish makes no sense."""
        if self.verb not in VERBS:
            raise JobMalformed(f"There is no verb {self.verb[:40]!r}.")
        if (self.settings is not None) is not (self.verb == CONFIGURE):
            raise JobMalformed("Settings belong to a configuration and to nothing else.")
        if bool(self.release) is not (self.verb == Verb.UPDATE):
            raise JobMalformed("An update names the version that it brings; no other verb does.")
        if not 60 <= self.lasts_s <= LONGEST_S:
            raise JobMalformed(f"A job lasts 60 to {LONGEST_S} seconds, not {self.lasts_s}.")
        if self.verb == Verb.UPDATE_CATALOGUE:
            if self.blob is None:
                raise JobMalformed("No catalogue was published here; use `tram catalogue publish` first.")
            return msgspec.json.encode(self.blob)
        if self.verb == Verb.UPDATE:
            return msgspec.json.encode({"release": _release(self.release)})
        return msgspec.json.encode(self.settings, order="sorted") if self.settings is not None else b""


def made(job_id: str, kiosk_id: str, wish: Wish, login: str, now: datetime) -> JobRow:
    """Return a job whose turn has not come."""
    return JobRow(
        id=job_id, kiosk=kiosk_id, verb=wish.verb, body=wish.body(), asked_by=login, asked_at=now,
        lasts_s=wish.lasts_s, state=JobPlace.HELD, version=0, percent=0, detail="", step=0, told=0, wave=0,
    )  # fmt: skip


def release(session: Session, job: JobRow, now: datetime) -> None:
    """Let a held job be told from now on, in the caller's transaction; its time begins."""
    job.state, job.tell_at, job.expires_at = JobPlace.ASKED, now, now + timedelta(seconds=job.lasts_s)
    if job.verb == CONFIGURE:
        shadow = session.get(ShadowRow, job.kiosk)
        if shadow is None:
            shadow = ShadowRow(kiosk=job.kiosk, version=0)
            session.add(shadow)
        shadow.version, shadow.settings, shadow.set_at = shadow.version + 1, job.body, now
        job.version = shadow.version


def release_of(body: bytes) -> str:
    """Return the version that an update brings; empty for every other verb."""
    return str(settings_of(body).get("release", ""))


def settings_of(body: bytes) -> dict[str, Setting]:
    """Return the settings of a configuration as they were kept."""
    return _SETTINGS.decode(body) if body else {}


def _release(text: str) -> str:
    try:
        return msgspec.convert(text, Release)
    except msgspec.ValidationError as fault:
        raise JobMalformed(f"{text[:40]!r} is no version, such as 1.4.2 is one.") from fault


def is_unheard(job: JobRow) -> bool:
    """Return whether its kiosk has not answered, and may be asked no more; a configuration stays wanted where it is."""
    return job.state == JobPlace.HELD or (job.state == JobPlace.ASKED and job.verb != CONFIGURE)


def hold(jobs: Iterable[JobRow]) -> None:
    """Let jobs that nobody heard wait for their turn again, in the caller's transaction."""
    for job in filter(is_unheard, jobs):
        job.state, job.tell_at, job.told, job.expires_at = JobPlace.HELD, None, 0, None


def stop(jobs: Iterable[JobRow], now: datetime) -> None:
    """End jobs that nobody heard, in the caller's transaction; the word of a kiosk that heard all the same counts."""
    for job in filter(is_unheard, jobs):
        job.state, job.tell_at, job.ended_at, job.detail = JobPlace.STOPPED, None, now, "not begun"
