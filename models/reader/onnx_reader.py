"""The exported reader's logits, one line at a time on one thread."""

from dataclasses import dataclass
from pathlib import Path

from agent.reading.engine import open_net
from agent.reading.line_view import Floats, Grey, loosened, prepare

__all__ = ["Look", "OnnxReader"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Logits [T, C] of a line and of the same line seen a little smaller."""

    first: Floats
    second: Floats


class OnnxReader:
    """An exported net on one thread."""

    def __init__(self, file: Path) -> None:
        self._net = open_net(file, keeps_memory=True)

    def logits(self, grey: Grey) -> Floats:
        """Logits [T, C] of one grey line [40, W]."""
        logits: Floats = self._net.run(None, {"x": prepare(grey)})[0][0]
        return logits

    def look(self, grey: Grey) -> Look:
        """Logits of one grey line [40, W] and of a second look at it."""
        return Look(first=self.logits(grey), second=self.logits(loosened(grey)))
