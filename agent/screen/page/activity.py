"""What else can be done at the screen than making or collecting a copy: one file each in activities/."""

from abc import ABC, abstractmethod
from typing import ClassVar

from agent.journeys.parts import Kiosk
from agent.journeys.values import Wish
from agent.screen.page.state import Held, Tap

__all__ = ["Activity", "Held"]


class Activity(ABC):
    """One tile of the scene where one chooses, and its own scenes behind it.

    `name` is the folder of its templates, the table of its strings and the name of its picture; `order` its place among
    the tiles; `steps` the keys under `step` of the way that its scenes show at the top, empty where there is none.
    One that is no tile is opened by a button of the scenes in `opens_from`.
    """

    name: ClassVar[str]
    order: ClassVar[int]
    steps: ClassVar[tuple[str, ...]] = ()
    is_tile: ClassVar[bool] = True
    opens_from: ClassVar[tuple[str, ...]] = ("choose",)

    def __init__(self, kiosk: Kiosk) -> None:
        self._kiosk = kiosk

    @property
    def is_there(self) -> bool:
        """Whether the kiosk has what it needs; without it there is no tile."""
        return True

    @abstractmethod
    async def begin(self) -> Held:
        """Return what the first scene holds."""

    async def begin_over(self, visit: str) -> Held:
        """Return what the first scene holds where it is opened from a scene of `visit`."""
        return await self.begin()

    @abstractmethod
    async def touched(self, held: Held, tap: Tap) -> Held | Wish | None:
        """Return what a touch of this scene leads to: a scene, a visit that begins, or None: back to the choice.

        Touches are `act` with a value, `key`, `go-on`, `back`, and `voucher` with what a code reader has read.
        The screen waits: longer work is begun as a task, and `looked` sees its end.
        """

    async def looked(self, held: Held) -> Held | None:
        """Return what is held a moment later, None to end; asked some ten times a second while the activity is open."""
        return held

    def step_of(self, held: Held) -> str:
        """Return which of `steps` a scene stands for."""
        raise NotImplementedError

    def may_leave(self, held: Held) -> bool:
        """Whether the screen may go back to its beginning by itself when nobody touches it: no paper in a device."""
        return True

    async def left(self) -> None:
        """Give up what is under way: the screen shows something else now, by a touch or because nobody came back."""
        return  # most have nothing under way
