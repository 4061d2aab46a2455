"""The rounds of the proof: what each begins from, and which must be played first."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum

from tests.prove.image.bench import Bench


class State(IntEnum):
    """What has become of the card; a round that needs one can begin from a later one too, but for a blank one."""

    BLANK = 0
    ENROLLED = 1
    OTHER_ROOT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """`play` returns what was seen, with its figures; where it `makes` a state, it leaves the computer off."""

    name: str
    play: Callable[[Bench], str]
    needs: State = State.ENROLLED
    makes: State = State.BLANK


def plan(rounds: Sequence[Round], wanted: Collection[str], at_hand: Collection[State]) -> tuple[State, list[Round]]:
    """Return what to begin from and what to play: what is wanted, in its order, after what makes the states it needs.

    `at_hand` are the states that were put aside.
    """
    first = next(each for each in rounds if each.name in wanted)
    begin = max(each for each in (State.BLANK, *at_hand) if each <= first.needs)
    state, played = begin, list[Round]()
    for each in (each for each in rounds if each.name in wanted):
        for maker in rounds:
            if state < maker.makes <= each.needs:
                played.append(maker)
                state = maker.makes
        if each not in played:
            played.append(each)
            state = max(state, each.makes)
    return begin, played
