"""Jobs from afar: each is done once, whatever the broker repeats, and told step by step to its end.

Nobody's visit is cut short: `restart` and `drain` first shut the door and wait. A job that is not at its end by its
expiry leaves the kiosk as it was. The fact of a step is in the outbox before the step counts as done, so a crash
between the two repeats the step under the same key.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from agent.journeys.in_service import set_service
from agent.journeys.parts import Kiosk
from agent.ledger.remote import SERVICE_VERBS, JobRecord
from agent.link.bell import first
from agent.upkeep import bundle, catalogue_update, shadow
from agent.upkeep.program_update import ProgramUpdate
from agent.upkeep.served import who_is_served
from contract.ids import sha256_hex
from contract.jobs import Verb
from contract.messages import (
    BlobRef,
    BundleRequest,
    JobFact,
    JobState,
    Rejected,
    ReplyEnvelope,
    Service,
    Stored,
    decode,
)

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 2.0

Restart = Callable[[], None]
"""Ends the process, which is then started again."""


async def work_for_ever(kiosk: Kiosk, restart: Restart, program: ProgramUpdate | None = None) -> NoReturn:
    """Do what is asked from afar until cancelled; a kiosk without `program` is not updated from afar."""
    await shadow.take_effect(kiosk)
    while True:
        ring = kiosk.link.next_news()
        await work(kiosk, restart, program)
        await first(ring.wait(), kiosk.clock.sleep(LOOK_AGAIN_S))


async def work(kiosk: Kiosk, restart: Restart, program: ProgramUpdate | None = None) -> None:
    """Take each open job, and a newer shadow, as far as they go now."""
    await shadow.take_newer(kiosk)
    for record in await kiosk.ledger.remote.open_jobs():
        await _Work(kiosk, record, restart, program).go_on()


class _Work:
    """One job's next steps."""

    def __init__(self, kiosk: Kiosk, record: JobRecord, restart: Restart, program: ProgramUpdate | None) -> None:
        self._kiosk, self._record, self._job, self._restart = kiosk, record, record.job, restart
        self._program = program
        self._step = record.step

    @property
    def _bundle(self) -> Path:
        return self._kiosk.ledger.folder / "bundles" / f"{self._job.id}.zip"

    async def go_on(self) -> None:
        if self._record.restarting:
            await self._go_back()
            await self._say(JobState.DONE, 100, "started again")
        elif await self._kiosk.ledger.remote.is_overtaken(self._job):
            await self._go_back()  # the later one may itself have come too late
            await self._say(JobState.FAILED, 0, "a job that was asked for later took its place")
        elif self._is_late and await self._can_be_given_up():
            await self._give_up()
        else:
            await self._do()

    @property
    def _is_late(self) -> bool:
        return self._kiosk.clock.now() >= self._job.expires_at

    async def _can_be_given_up(self) -> bool:
        if self._job.verb is not Verb.UPDATE or self._program is None:
            return True
        return await self._program.withdraw(self._job)

    async def _do(self) -> None:
        if self._program and self._program.holds_floor and self._job.verb in SERVICE_VERBS:
            return  # a version is being tried; its end is not far
        if self._record.state is None:
            await self._say(JobState.ACCEPTED, 0, "")
        match self._job.verb:
            case Verb.IN_SERVICE | Verb.OUT_OF_SERVICE:
                await self._switch(Service.IN_SERVICE if self._job.verb is Verb.IN_SERVICE else Service.OUT_OF_SERVICE)
            case Verb.DRAIN | Verb.RESTART:
                await self._drain()
            case Verb.COLLECT_LOGS:
                await self._collect()
            case Verb.UPDATE_CATALOGUE:
                await self._update_catalogue()
            case Verb.UPDATE:
                await self._update()

    async def _switch(self, mode: Service) -> None:
        await set_service(self._kiosk, mode)
        await self._say(JobState.DONE, 100, mode)

    async def _drain(self) -> None:
        await self._shut()
        if waits := await who_is_served(self._kiosk):
            await self._say_once(10, waits)
            return
        remote = self._kiosk.ledger.remote
        if self._job.verb is Verb.DRAIN:
            await self._switch(Service.OUT_OF_SERVICE)
            return
        async with self._kiosk.floor:  # a collector must not begin in this moment
            await self._say(JobState.RUNNING, 90, "restarting")
            await remote.mark_restarting(self._job.id)
            self._restart()
            await asyncio.Event().wait()  # the process ends here

    async def _collect(self) -> None:
        path = self._bundle
        try:
            content = await bundle.collected(self._kiosk, path)
        except OSError as fault:
            await self._say(JobState.FAILED, 0, f"the bundle can't be written: {fault.strerror}")
            return
        blob = BlobRef(sha256=sha256_hex(content), size_bytes=len(content))
        body = BundleRequest(job=self._job.id, blob=blob)
        request = await self._kiosk.link.request(f"job/{self._job.id}/bundle", self._job.id, body, path)
        if self._record.state in (None, JobState.ACCEPTED):
            await self._say(JobState.RUNNING, 50, f"{len(content)} bytes to send")
        reply, final = await self._kiosk.ledger.outbox.reply(request)
        if reply is None or not final:
            return
        answer = decode(ReplyEnvelope, reply).body
        path.unlink(missing_ok=True)
        if isinstance(answer, Stored):
            await self._say(JobState.DONE, 100, f"{len(content)} bytes sent")
        else:
            await self._say(JobState.FAILED, 50, answer.cause if isinstance(answer, Rejected) else "an odd answer")

    async def _update_catalogue(self) -> None:
        if self._job.blob is None:
            await self._say(JobState.FAILED, 0, "the job names no catalogue")
            return
        try:
            in_force = await catalogue_update.take(self._kiosk, self._job.id, self._job.blob)
        except catalogue_update.NotTaken as fault:
            await self._say(JobState.FAILED, 0, str(fault))
            return
        if in_force:
            await self._say(JobState.DONE, 100, in_force)

    async def _update(self) -> None:
        program = self._program
        if program is None or not self._job.release:
            await self._say(JobState.FAILED, 0, "this kiosk has no [updates] in kiosk.toml, or the job no release")
            return
        if self._record.before is None and await program.is_staged(self._job):
            await self._shut()
        told = await program.go_on(self._job, late=self._is_late)
        if told.state is JobState.RUNNING:
            await self._say_once(told.percent, told.detail)
        else:
            await self._go_back()
            await self._say(told.state, told.percent, told.detail)

    async def _shut(self) -> None:
        """Take no new visits, and remember what the kiosk was before."""
        door = self._kiosk.door
        if self._record.before is None:
            before = Service.IN_SERVICE if door.mode is Service.DRAINING else door.mode
            await self._kiosk.ledger.remote.remember(self._job.id, before)
            self._record = replace(self._record, before=before)
        if door.is_open:
            await set_service(self._kiosk, Service.DRAINING)

    async def _give_up(self) -> None:
        if self._program and self._job.verb is Verb.UPDATE:
            self._program.release_floor()
        why = f"not at its end in time: {self._record.detail}" if self._record.state else "it came too late"
        await self._go_back()
        if self._job.verb is Verb.COLLECT_LOGS:
            await self._kiosk.ledger.outbox.withdraw(self._job.id)
            self._bundle.unlink(missing_ok=True)
        await self._say(JobState.EXPIRED, 0, why)

    async def _go_back(self) -> None:
        """Let the kiosk be what it was before the job, where that was changed."""
        if self._record.before is not None:
            await set_service(self._kiosk, self._record.before)

    async def _say_once(self, percent: int, detail: str) -> None:
        """Tell how it runs, where that is news."""
        if detail != self._record.detail:
            await self._say(JobState.RUNNING, percent, detail)

    async def _say(self, state: JobState, percent: int, detail: str) -> None:
        self._step += 1
        fact = JobFact(request=self._job.id, step=self._step, state=state, percent=percent, detail=detail[:2000])
        await self._kiosk.link.tell(f"job/{self._job.id}/{self._step}", self._job.id, fact)
        await self._kiosk.ledger.remote.note(self._job.id, self._step, state, detail)
        log.info("job %s %s: %s %s", self._job.id, self._job.verb, state, detail)
