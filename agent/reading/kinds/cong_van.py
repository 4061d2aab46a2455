"""CONG_VAN: an official letter in the layout of NĐ 30/2020."""

import re
from collections.abc import Iterator

from agent.reading import letterhead
from agent.reading.folding import folded
from agent.reading.form import as_printed
from agent.reading.kind import Anchor, Fact, Kind, Pages

_SUBJECT = re.compile(r"^(v v|ve viec)\b")
_ADDRESSEE = re.compile(r"^\W*K[íi]nh g[ửưu]i\W*", re.IGNORECASE)
_END = re.compile(r"^(kinh gui|can cu)")


def _facts(pages: Pages) -> Iterator[Fact]:
    first = pages[0]
    yield from letterhead.number(first)
    yield from letterhead.place_and_date(first)
    yield from letterhead.agency(first)
    yield from _subject(pages)
    yield from _addressee(pages)
    yield from letterhead.signer(pages)


def _subject(pages: Pages) -> Iterator[Fact]:
    first = pages[0]
    start = next((at for at, line in enumerate(first.lines) if _SUBJECT.match(folded(line.text))), None)
    if start is None:
        return
    block = [start, *letterhead.block_below(first, start, stop=_END)]
    text = " ".join(first.lines[at].text for at in block)
    yield Fact(name="subject", label="Trích yếu", value=text, page=first.number, lines=tuple(block))


def _addressee(pages: Pages) -> Iterator[Fact]:
    first = pages[0]
    for at, line in enumerate(first.lines):
        if found := _ADDRESSEE.match(line.text):
            value = as_printed(line.text[found.end() :])
            yield Fact(name="addressee", label="Kính gửi", value=value, page=first.number, lines=(at,))
            return


KIND = Kind(
    code="CONG_VAN",
    title="Công văn",
    anchors=(
        Anchor(phrases=("Kính gửi:",), weight=0.6),
        Anchor(phrases=("V/v", "Về việc"), weight=0.3),
        Anchor(phrases=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",), weight=0.2),
    ),
    facts=_facts,
    always=("issued_on", "agency", "addressee", "signer_name"),
)
