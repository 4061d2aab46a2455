"""The twelve digits on a card's front: large and alone, while the label before them is too small to lean on."""

from collections.abc import Iterator

from agent.reading import id_number
from agent.reading.kind import Fact, Pages


def number_alone(pages: Pages, *, name: str = "personal_number", label: str = "Số định danh cá nhân") -> Iterator[Fact]:
    """Yield the first twelve-digit number that is printed outside the machine-readable zone."""
    for page in pages:
        for at, line in enumerate(page.lines):
            digits = id_number.find(line.text)
            if digits and "<" not in line.text:
                yield Fact(name=name, label=label, value=digits, page=page.number, lines=(at,))
                return
