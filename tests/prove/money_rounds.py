"""One round of the money proof: a citizen pays or gives up, power cuts come, then books and machines are compared."""

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Literal

from firmware_bridge.board.peripherals.hand import DeedRefused, Hand
from provisioning.onebox.cash_machines import CashStandIn
from tests.prove import money_agent
from tests.prove.money_agent import Books

Cut = Literal["agent", "board", "both", "mains"]
CUTS: tuple[Cut, ...] = ("agent", "board", "both", "mains")
PIECES = {"insert_coin": (500, 1_000, 2_000, 5_000), "insert_note": (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)}
LOOK_S = 0.02
ROUND_S = 240.0
"""Of real time: a loaded computer is slow, not wrong."""
SETTLE_S = 30.0
SWEEPS = 5
CHANGE_VND, FILL = 120_000, 30
_MOVING = ("transport", "escrow")

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.prove.money_agent"])


class PromiseBroken(AssertionError):
    """Money is not where the books say it is."""


class Agent:
    """The agent's process."""

    def __init__(self, folder: Path, machines: CashStandIn) -> None:
        self._arguments = (folder, str(machines.port), machines.control)
        self._process: Any = None
        self.pipe: Connection | None = None
        self._is_free = False

    def start(self) -> None:
        """Switch it on."""
        self._is_free = False
        self.pipe, theirs = _context.Pipe()
        self._process = _context.Process(target=money_agent.run, args=(*self._arguments, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def kill(self) -> None:
        """Pull its plug."""
        self._process.kill()
        self._process.join()
        if self.pipe:
            self.pipe.close()

    @property
    def is_free(self) -> bool:
        """Whether it has said since it was asked last that it waits for a citizen; raise PromiseBroken if it died."""
        try:
            while self.pipe and self.pipe.poll():
                self._is_free = self.pipe.recv() == money_agent.FREE
        except (EOFError, ConnectionResetError) as end:
            raise PromiseBroken("the agent ended by itself; its words are above") from end
        return self._is_free

    def serve(self, total_vnd: int) -> None:
        """Send the next citizen."""
        assert self.pipe and self.is_free
        self._is_free = False
        self.pipe.send(total_vnd)


@dataclass(slots=True)
class Tally:
    """What the rounds came to."""

    rounds: int = 0
    cuts: Counter[str] = field(default_factory=Counter)
    totals: Mapping[str, int] = field(default_factory=dict)
    paid: int = 0
    pieces: int = 0


@dataclass(slots=True)
class Plan:
    """One round, drawn beforehand."""

    total_vnd: int
    gives_up_after: int
    cuts: list[tuple[float, Cut]]
    chance: random.Random

    @classmethod
    def draw(cls, seed: int, number: int) -> "Plan":
        """Return the plan of this round."""
        chance = random.Random(f"{seed}/{number}")
        cuts = sorted((chance.uniform(0.0, 6.0), chance.choice(CUTS)) for _ in range(chance.choice((1, 1, 2, 3))))
        gives_up_after = chance.choice((1, 2, 99, 99, 99))
        return cls(500 * chance.randint(2, 60), gives_up_after, cuts, chance)


class Proof:
    """Machines, board and agent of one run."""

    def __init__(self, folder: Path, speed: int) -> None:
        self.tally = Tally()
        self._books = folder / "agent"
        self.machines = CashStandIn(folder / "cash", speed=speed)
        self.agent = Agent(self._books, self.machines)

    def start(self) -> None:
        """Switch everything on."""
        self.machines.start()
        self._hand = Hand(self.machines.control)
        self.agent.start()
        self._await_agent()

    def stop(self) -> None:
        """Switch everything off."""
        self.agent.kill()
        self._hand.close()
        self.machines.stop()

    def round(self, seed: int, number: int) -> None:
        """Play one round; raise PromiseBroken."""
        plan = Plan.draw(seed, number)
        self._fill_tubes()
        before = Books.read(self._books)
        self.agent.serve(plan.total_vnd)
        self._play(plan)
        self._settle_down()
        visit = Books.read(self._books)
        self._check_visit(before, visit, plan.total_vnd)
        self._sweep()
        self._check_sum(Books.read(self._books))
        self.tally.rounds += 1
        self.tally.paid += visit.visits > before.visits and visit.last_is_paid

    def _play(self, plan: Plan) -> None:
        began_s, until_s, put_in, next_s = self._now_s(), time.monotonic() + ROUND_S, 0, 0.3
        cuts = list(plan.cuts)
        while not self.agent.is_free or len(cuts) == len(plan.cuts):
            passed_s = self._now_s() - began_s
            if time.monotonic() > until_s:
                raise PromiseBroken("the visit does not end")
            if cuts and passed_s >= cuts[0][0]:
                self._cut(cuts.pop(0)[1])
            if passed_s >= next_s and put_in < plan.gives_up_after:
                put_in += self._put_in(plan.chance)
                next_s = passed_s + plan.chance.uniform(0.1, 1.5)
            time.sleep(LOOK_S)

    def _put_in(self, chance: random.Random) -> bool:
        verb = chance.choice(tuple(PIECES))
        try:
            said = self._hand.do(verb, value_vnd=chance.choice(PIECES[verb]))
        except DeedRefused:
            return False
        taken = said in ("accepted", "drawn in")
        self.tally.pieces += taken
        return taken

    def _cut(self, cut: Cut) -> None:
        self.tally.cuts[cut] += 1
        if cut != "board":
            self.agent.kill()
        if cut == "mains":
            self.machines.unplug_board()
            self._hand.do("power", device="all", action="cycle")
            self.machines.plug_board()
        elif cut != "agent":
            self.machines.reset_board()
        if cut != "board":
            self.agent.start()

    def _settle_down(self) -> None:
        """Wait until nothing is on its way, and the agent is free for the next citizen."""
        self._await_agent()
        until_s = self._now_s() + SETTLE_S
        while any(self._hand.do("counts")[place] for place in _MOVING):
            if self._now_s() > until_s:
                raise PromiseBroken(f"something stays on its way: {self._hand.do('counts')}")
            time.sleep(LOOK_S)
        self._hand.do("take_tray")

    def _sweep(self) -> None:
        """Let citizens come who pay nothing: what the board could not tell in time is set aside before them."""
        for _ in range(SWEEPS):
            self.agent.serve(0)
            self._await_agent()
            if not self._beyond_vnd(Books.read(self._books)):
                return

    def _beyond_vnd(self, books: Books) -> int:
        return self.machines.gained_vnd() - books.totals.get("box", 0) - books.totals.get("tube", 0)

    def _check_visit(self, before: Books, now: Books, total_vnd: int) -> None:
        is_new, kept_vnd = now.visits > before.visits, -now.last.get("fee", 0)
        promises = {
            "the visit's accounts are zero": sum(now.last.values()) == 0,
            "nothing is left in escrow": now.totals.get("escrow", 0) == 0,
            "the fee is kept exactly if it was paid": not is_new or kept_vnd == now.last_is_paid * total_vnd,
        }
        _demand(promises, now)

    def _check_sum(self, now: Books) -> None:
        beyond_vnd = self._beyond_vnd(now)
        promises = {
            "all accounts together are zero": sum(now.totals.values()) == 0,
            f"the machines hold what the books say (beyond it: {beyond_vnd} đ)": -now.doubtful_vnd <= beyond_vnd <= 0,
        }
        _demand(promises, now)
        self.tally.totals = now.totals

    def _fill_tubes(self) -> None:
        tubes: Mapping[str, int] = self._hand.do("look")["coin_changer"]["tubes"]
        if sum(int(value) * count for value, count in tubes.items()) < CHANGE_VND:
            for value in tubes:
                self._hand.do("fill_tube", value_vnd=int(value), count=FILL)

    def _await_agent(self) -> None:
        until_s = time.monotonic() + ROUND_S
        while not self.agent.is_free:
            if time.monotonic() > until_s:
                raise PromiseBroken("the visit does not end")
            time.sleep(LOOK_S)

    def _now_s(self) -> float:
        return float(self._hand.do("now_us")) / 1e6


def _demand(promises: Mapping[str, bool], books: Books) -> None:
    broken = [promise for promise, holds in promises.items() if not holds]
    if broken:
        raise PromiseBroken(f"not: {', '.join(broken)}; books {books}")
