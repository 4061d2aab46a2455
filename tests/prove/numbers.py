"""`make prove-numbers`: register numbers under 50 concurrent decisions at two hub processes that are killed meanwhile.

Papers wait; 50 officer's clients approve them at once, half at each hub, and repeat what a dying hub did not answer.
Meanwhile a hub is killed (SIGKILL) at random moments, also between a number's allotment and its signature, and started
again. In the end, on SQLite and on PostgreSQL: as many numbers as approvals, from 1 without a gap or a double; one
issue, one leaf, one answer for each paper; every copy signed, its bytes on the disk and of the hash that was recorded;
the audit chain whole. The proof reads the tables itself.
"""

import argparse
import hashlib
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from contract import topics
from hub.intake.handler import Intake
from hub.store import audit
from hub.store.tables import (
    Base,
    DecisionRow,
    HeldDecision,
    Issue,
    IssueState,
    LogLeaf,
    PendingReply,
    RegisterRow,
    RequestRow,
    RequestState,
)
from tests.prove.hubs import DATABASES, KIOSK_ID, STARTS_WITHIN_S, Hubs, chunks, request, two_hubs

AWAY_S = 0.5
ENDS_WITHIN_S = 900.0


class PromiseBroken(AssertionError):
    """Numbers are not as they must be."""


@dataclass(slots=True)
class Figures:
    """What was done and seen; `caught` are the kills at whose moment a number was allotted but not signed."""

    papers: int = 0
    kills: int = 0
    caught: int = 0
    repeated: int = 0
    seconds: float = 0.0
    numbers: list[int] = field(default_factory=list)


def prove(hubs: Hubs, papers: int, kills: int, clients: int, chance: random.Random) -> Figures:
    """Decide `papers` papers with `clients` at a time while hubs die `kills` times; raise PromiseBroken."""
    figures, began_s = Figures(papers=papers), time.monotonic()
    waiting = queue(hubs, papers)
    with ThreadPoolExecutor(clients) as pool:
        deciding = [pool.submit(_decide, hubs, paper, chance.randrange(2), figures) for paper in waiting]
        for _ in range(kills):
            _kill(hubs, chance, figures, papers)
        for each in deciding:
            each.result()
    _await_signatures(hubs, papers)
    figures.numbers = check(hubs, waiting)
    figures.seconds = time.monotonic() - began_s
    return figures


def queue(hubs: Hubs, papers: int) -> list[str]:
    """Bring papers into the officers' queue past the broker, as the intake gets them; return their ids."""
    intake, ids = Intake(hubs.seen), []
    for number in range(papers):
        request_id, payload, draft = request(number)
        intake.handle(topics.up(KIOSK_ID, "request", "certify"), payload)
        for at, chunk in enumerate(chunks(draft)):
            intake.handle(topics.up(KIOSK_ID, "blob", hashlib.sha256(draft).hexdigest(), at), chunk)
        ids.append(request_id)
    return ids


def check(hubs: Hubs, papers: Sequence[str]) -> list[int]:
    """Return the numbers in the order of their allotment; raise PromiseBroken with all that is wrong."""
    with hubs.seen.database.reading() as session:
        numbers = list(session.scalars(select(RegisterRow.number).order_by(RegisterRow.number)))
        issues = session.execute(select(Issue, RequestRow).join(RequestRow, RequestRow.id == Issue.request)).all()
        promises = {
            f"numbers run from 1 to {len(papers)} without gap or double": numbers == [*range(1, len(papers) + 1)],
            "each paper has one decision": _count(session, DecisionRow) == len(papers),
            "no decision is held any more": _count(session, HeldDecision) == 0,
            "each paper has one issue": sorted(row.id for _, row in issues) == sorted(papers),
            "each issue has one leaf in the log": _count(session, LogLeaf) == len(papers),
            "one answer waits or was sent for each copy": _count(session, PendingReply) == len(papers),
            "each copy is signed": all(issue.state == IssueState.SIGNED for issue, _ in issues),
            "each paper is certified": all(row.state == RequestState.CERTIFIED for _, row in issues),
            "each tail is there and makes the recorded copy": all(_whole(hubs, *each) for each in issues),
            "the audit chain holds": audit.first_broken_row(session) is None,
        }
    if broken := [promise for promise, kept in promises.items() if not kept]:
        raise PromiseBroken(f"not: {'; '.join(broken)}. Numbers: {numbers}")
    return numbers


def _count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _whole(hubs: Hubs, issue: Issue, row: RequestRow) -> bool:
    draft, tail = hubs.seen.drafts.get(row.draft_sha256), hubs.seen.tails.get(issue.tail_sha256 or "-")
    return bool(draft and tail) and hashlib.sha256((draft or b"") + (tail or b"")).hexdigest() == issue.copy_sha256


def _decide(hubs: Hubs, paper: str, number: int, figures: Figures) -> None:
    """Approve until a hub says that it is decided; a hub that does not answer is left for the other."""
    approval = {"verdict": "approve", "original_seen": "KIOSK_BED_CAMERA", "take_back": False}
    until = time.monotonic() + STARTS_WITHIN_S * 2
    while time.monotonic() < until:
        try:
            with hubs.officer(number) as officer:
                answer = officer.post(f"/api/requests/{paper}/decision", json=approval)
            if answer.is_success or answer.json().get("code") == "ALREADY_DECIDED":
                return
        except (httpx.TransportError, httpx.HTTPStatusError):
            time.sleep(0.1)
        figures.repeated += 1
        number = 1 - number
    raise PromiseBroken(f"the paper {paper} could not be decided")


def _kill(hubs: Hubs, chance: random.Random, figures: Figures, papers: int) -> None:
    """Kill a hub at a random moment while numbers are being allotted and signed, and start it again."""
    _await(hubs, lambda: states(hubs)[0] > 0 or states(hubs)[1] >= papers)
    time.sleep(chance.uniform(0.0, 1.5))
    victim = chance.randrange(2)
    hubs.kill_hub(victim)
    allotted, _ = states(hubs)
    figures.kills, figures.caught = figures.kills + 1, figures.caught + (allotted > 0)
    time.sleep(AWAY_S)
    hubs.start_hub(victim)


def states(hubs: Hubs) -> tuple[int, int]:
    """Return how many issues wait for their signature, and how many have it."""
    with hubs.seen.database.reading() as session:
        states = list(session.scalars(select(Issue.state)))
    return states.count(IssueState.ALLOTTED), states.count(IssueState.SIGNED)


def decided(hubs: Hubs) -> set[str]:
    """Return the papers on which a decision was made, also one that does not have effect yet."""
    with hubs.seen.database.reading() as session:
        return {*session.scalars(select(DecisionRow.request)), *session.scalars(select(HeldDecision.request))}


def _await_signatures(hubs: Hubs, papers: int) -> None:
    _await(hubs, lambda: states(hubs) == (0, papers))


def _await(hubs: Hubs, ready: Callable[[], bool]) -> None:
    until = time.monotonic() + ENDS_WITHIN_S
    while not ready():
        if time.monotonic() > until:
            raise PromiseBroken(f"it did not end in time: (allotted, signed) = {states(hubs)}")
        time.sleep(0.05)


def main() -> None:
    """Run the proof on both databases; exit 1 where a promise breaks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=int, default=100)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--clients", type=int, default=50, help="decisions at a time")
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--databases", nargs="+", default=DATABASES, choices=DATABASES)
    asked = parser.parse_args()
    for database in asked.databases:
        try:
            with two_hubs(database) as hubs:
                figures = prove(hubs, asked.papers, asked.kills, asked.clients, random.Random(asked.seed))
        except PromiseBroken as broken:
            sys.exit(f"BROKEN on {database}: {broken}")
        print(
            f"{database:<10} {figures.papers} papers, {asked.clients} decisions at a time at two hubs, {figures.kills} "
            f"kills ({figures.caught} with a number allotted and not signed), {figures.repeated} calls repeated: "
            f"numbers 1 to {figures.numbers[-1]}, no gap, no double, all signed. {figures.seconds:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
