"""A script of touches at the screen without a visit, and what a cell that plays it came to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from agent.screen.page.state import Deed
from tests.prove.matrix.town import Place

Touch = tuple[Deed, str]
Judge = Callable[["Acted"], Iterator[str]]


def nothing_more(acted: "Acted") -> Iterator[str]:
    """Ask no more than what every script is asked."""
    yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The touches up to the one that matters, and how its end is told from what the scene holds; '' while it runs.

    Where nothing is in trouble it ends with `well`, `papers` papers come out, and the hub hears feedback `says` times.
    `judge` tells what else is broken.
    """

    before: tuple[Touch, ...]
    touch: Touch
    outcome: Callable[[Any], str]
    way_on: str
    well: tuple[str, ...] = ("PRINTED",)
    papers: int = 1
    says: int = 0
    judge: Judge = nothing_more


@dataclass(slots=True)
class Acted:
    """What a cell came to: what the scene said, showed and held, and what had come out by then and after the next try.

    After a power cut `said` is CUT: the screen begins anew.
    """

    place: Place
    script: Script
    said: str = ""
    html: str = ""
    held: Any = None
    came: int = 0
    said_next: str = ""
    held_next: Any = None
    came_next: int = 0
    feedback: int = 0
    is_gone: bool = False
    unsent: int = 0
    in_machine_vnd: int = 0
    code_left: bool = False
    crashed: str = ""
