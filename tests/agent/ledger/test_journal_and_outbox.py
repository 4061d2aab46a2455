"""Steps run once; messages keep their ids; a reply that was received is never lost or overwritten."""

from pathlib import Path

import pytest

from agent.ledger.journal import Unknown
from agent.ledger.ledger import Ledger
from contract.clock import Deadline, SimulatedClock
from contract.messages import PrintedFact, PrintOutcome, SettledFact

FACT = PrintedFact(request="01KB0000000000000000000000", outcome=PrintOutcome.PRINTED, sheets=1)
OTHER = SettledFact(request="01KB0000000000000000000000", received_vnd=1, kept_vnd=1, returned_vnd=0, unknown_vnd=0)


async def test_finished_step_gives_its_recorded_result_and_runs_no_effect(folder: Path, clock: SimulatedClock) -> None:
    ledger = await Ledger.open(folder, clock)
    visit = await ledger.journal.open("certify", b"{}")
    runs: list[str] = []

    async def effect(key: str, deadline: Deadline) -> int:
        runs.append(key)
        assert deadline.remaining_s == 7
        return len(runs)

    assert [await visit.step("scan", int, effect, within_s=7) for _ in range(2)] == [1, 1]
    assert runs == [f"{visit.id}/scan"]
    await ledger.close()


async def test_unfinished_step_is_repeated_under_its_key_or_unknown(folder: Path, clock: SimulatedClock) -> None:
    ledger = await Ledger.open(folder, clock)
    visit = await ledger.journal.open("certify", b"{}")

    async def lightning(key: str, deadline: Deadline) -> str:
        raise KeyboardInterrupt(key)

    async def effect(key: str, deadline: Deadline) -> str:
        return key

    for name in ("scan", "print"):
        with pytest.raises(KeyboardInterrupt):
            await visit.step(name, str, lightning)
    assert await visit.step("scan", str, effect) == f"{visit.id}/scan"
    with pytest.raises(Unknown, match="print"):
        await visit.step("print", str, effect, repeatable=False)
    await ledger.close()


async def test_message_put_again_under_its_key_keeps_id_and_bytes(folder: Path, clock: SimulatedClock) -> None:
    ledger = await Ledger.open(folder, clock)
    first = await ledger.outbox.tell("V1/tell", "V1", FACT)
    clock.advance(60)
    assert await ledger.outbox.tell("V1/tell", "V1", OTHER) == first
    (message,) = await ledger.outbox.pending()
    assert (message.id, message.room) == (first, "fact/printed")
    await ledger.close()


async def test_final_reply_survives_a_restart_and_is_never_overwritten(folder: Path, clock: SimulatedClock) -> None:
    ledger = await Ledger.open(folder, clock)
    fact = await ledger.outbox.tell("V1/tell", "V1", FACT)
    await ledger.outbox.hear(fact, b"waiting", final=False)
    assert await ledger.outbox.reply(fact) == (b"waiting", False)
    await ledger.outbox.hear(fact, b"signed", final=True)
    await ledger.close()
    ledger = await Ledger.open(folder, clock)
    await ledger.outbox.hear(fact, b"something later", final=True)
    assert await ledger.outbox.reply(fact) == (b"signed", True)
    assert await ledger.outbox.pending() == []
    await ledger.close()


async def test_acknowledged_facts_are_done_and_others_stay(folder: Path, clock: SimulatedClock) -> None:
    ledger = await Ledger.open(folder, clock)
    done, open_ = [await ledger.outbox.tell(key, "V1", FACT) for key in ("a", "b")]
    await ledger.outbox.acknowledged([done, "01KBZZZZZZZZZZZZZZZZZZZZZZ"])
    assert [message.id for message in await ledger.outbox.pending()] == [open_]
    await ledger.close()


async def test_spooled_file_is_whole_or_absent_and_purge_keeps_what_may_be_collected(
    folder: Path, clock: SimulatedClock
) -> None:
    spool = (await Ledger.open(folder, clock)).spool("V1")
    for name in ("sheet-1.png", "copy.pdf"):
        await spool.write(name, name.encode())
    assert not list(spool.folder.glob("*.part"))
    assert len(await spool.hashes(("copy.pdf",))) == 1
    await spool.purge(("copy.pdf",))
    assert [path.name for path in spool.folder.iterdir()] == ["copy.pdf"]
    await spool.purge()
    assert not spool.folder.exists()
