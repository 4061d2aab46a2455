"""QUYET_DINH: a decision in the layout of NĐ 30/2020."""

import re
from collections.abc import Iterator

from agent.reading import letterhead
from agent.reading.folding import folded
from agent.reading.kind import Anchor, Fact, Kind, Pages

_TITLE = re.compile(r"^quyet dinh$")
_END_OF_SUBJECT = re.compile(r"^(can cu|quyet dinh|(pho )?chu tich|giam doc|bo truong|hieu truong|uy ban|dieu \d)")


def _facts(pages: Pages) -> Iterator[Fact]:
    first = pages[0]
    yield from letterhead.number(first)
    yield from letterhead.place_and_date(first)
    yield from letterhead.agency(first)
    yield from _subject(pages)
    yield from letterhead.signer(pages)


def _subject(pages: Pages) -> Iterator[Fact]:
    first = pages[0]
    title = next((at for at, line in enumerate(first.lines) if _TITLE.match(folded(line.text))), None)
    if title is None:
        return
    block = letterhead.block_below(first, title, stop=_END_OF_SUBJECT)
    if block:
        text = " ".join(first.lines[at].text for at in block)
        yield Fact(name="subject", label="Trích yếu", value=text, page=first.number, lines=tuple(block))


KIND = Kind(
    code="QUYET_DINH",
    title="Quyết định",
    anchors=(
        Anchor(phrases=("QUYẾT ĐỊNH",), weight=0.7, alone=True),
        Anchor(phrases=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",), weight=0.2),
        Anchor(phrases=("Điều 1.",), weight=0.2),
        Anchor(phrases=("/QĐ-",), weight=0.2),
    ),
    facts=_facts,
    always=("issued_on", "agency", "subject", "signer_name"),
)
