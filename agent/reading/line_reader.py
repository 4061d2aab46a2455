"""The line reader trained in this project (models/reader): a small CTC net for the whole Vietnamese alphabet."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from agent.reading.alphabet import VIETNAMESE
from agent.reading.ctc import Decoded, agreed, decode
from agent.reading.engine import open_net
from agent.reading.errors import ReaderUnfit
from agent.reading.line_view import HEIGHT_PX, Floats, Grey, fit_height, loosened, prepare


class NetCard(msgspec.Struct, frozen=True, kw_only=True):
    """What stands beside the weights: class n writes charset[n − 1]; two looks that agree above it are sure."""

    charset: str
    height_px: int
    temperature: float
    sure_above: float


class LineReader:
    """The net and its card, loaded once."""

    def __init__(self, net: Path, card: Path, *, threads: int = 1) -> None:
        self._card = msgspec.json.decode(card.read_bytes(), type=NetCard)
        require_fit(self._card)
        self._net = open_net(net, threads=threads, keeps_memory=True)
        self._input = self._net.get_inputs()[0].name

    @property
    def charset(self) -> str:
        """Every character that it can write."""
        return self._card.charset

    def read(self, crops: Sequence[Grey]) -> list[tuple[str, float]]:
        """Return NFC text and confidence (0..1) of each grey crop (height, width), in the same order."""
        return [(line.text, line.confidence) for line in self.look(crops)]

    def look(self, crops: Sequence[Grey]) -> list[Decoded]:
        """Return what one look at each crop says."""
        return [self._decoded(fit_height(crop)) for crop in crops]

    def sure(self, crops: Sequence[Grey], first: Sequence[Decoded]) -> list[bool]:
        """Return for each crop whether a second look says the same, both above the card's threshold."""
        return [self._is_sure(crop, line) for crop, line in zip(crops, first, strict=True)]

    def _is_sure(self, crop: Grey, first: Decoded) -> bool:
        if first.confidence < self._card.sure_above:
            return False
        second = self._decoded(loosened(fit_height(crop)))
        return agreed(first, second) >= self._card.sure_above

    def _decoded(self, line: Grey) -> Decoded:
        logits: Floats = self._net.run(None, {self._input: prepare(line)})[0][0]
        return decode(logits, self._card.charset, self._card.temperature)


def require_fit(card: NetCard) -> None:
    """Return if a net writes every Vietnamese letter and takes lines as they are cut here; raise ReaderUnfit."""
    missing = sorted(set(VIETNAMESE) - set(card.charset))
    if missing:
        raise ReaderUnfit(f"{len(missing)} letters are missing: {''.join(missing[:20])}")
    if card.height_px != HEIGHT_PX:
        raise ReaderUnfit(f"its lines are {card.height_px} px high instead of {HEIGHT_PX}")
