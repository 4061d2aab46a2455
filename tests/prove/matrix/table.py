"""The matrix as a table: rows are steps, columns what befell which device, cells how the visit ended."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.journeys.recovery import CERTIFY
from agent.journeys.sentences import dong
from tests.prove.matrix.acted import Acted
from tests.prove.matrix.cell import Seen
from tests.prove.matrix.trouble import ALL_DEVICES, ROWS, Mode, Moment, modes

Cell = tuple[str, str, Mode, Moment]
"""Row, device, mode, moment."""

_HEAD = """\
# Devices × steps of the journeys

Made by `make prove-matrix` on simulated devices in virtual time; don't edit it by hand. A citizen orders two copies of
one page (6,000 đ: fee 4,000, print cost 2,000) and puts 10,000 đ in. In each cell one device fails in one step, and
stays so until the visit has ended or waits. Then it is back, the visit is finished, and the next citizen is served.
In every cell the last screen's words on paper and money agree with the machines' own counts, the register and the
books. In the rows consent to account, and evidence, the kiosk also finds out who is there: by face; by a photograph for
the officer (way, photograph); by the word of staff (staff's PIN, staff's word); account is the question whether the
copy goes to the account of whose chip was read. The last words are what the officer is told of it, and in brackets what
the citizen is told of the tries. `x / y`: at the step's start / in its midst, when
the device had done its part and nobody knew yet. `…x`: the visit waits with a screen that says so, and ends as x when
the device is back.

The rows of `staff` are what staff do behind their PIN: test the devices, test them with paper, shut the kiosk or open
it, count the cash, begin to take it out, finish. There the lines name what is in trouble and nothing else, the count is
what the machine holds, the hub hears of each collection once, and a kiosk that was shut stays shut.

The other rows below `purge` are the other journeys, which cost nothing: a number is drawn, somebody reports with the
code of a booking, a certified copy is checked, a dossier of two papers is digitised (with its receipt as a slip, and as
a page where there is no ticket printer); and what is done at the screen without a visit: a procedure's slip, feedback
and its code, separator sheets, the question to VNeID, the question whether the kiosk is genuine. There the last
screen's words agree with the slips and sheets that came out, with the line and with the dossiers at the hub. `screen`
is the browser: no touch comes through. CUT: the screen begins anew.
"""


@dataclass(frozen=True, slots=True)
class Result:
    """One cell's outcome in words, and the promises that it broke."""

    cell: Cell
    reached: bool
    outcome: str
    broken: tuple[str, ...]


def outcome_of(seen: Seen) -> str:
    """Return code and fault, money, paper; three dots before it where the visit had to wait for the device."""
    if seen.ending is None or seen.balance is None:
        return seen.crashed or "no end"
    balance = seen.balance
    sums = {
        "kept": balance.kept_vnd,
        "back": balance.returned_vnd,
        "voucher": balance.voucher_vnd,
        "to a person": balance.unknown_vnd,
        "not counted yet": seen.taken_vnd - balance.received_vnd,
    }
    money = ", ".join(f"{dong(amount)} {place}" for place, amount in sums.items() if amount) or "no money"
    fault = f" ({seen.ending.fault})" if seen.ending.fault else ""
    original = "; original stuck" if seen.stuck else ""
    who = f"; {seen.who}" if seen.who else ""
    if seen.shown and seen.shown.journey != CERTIFY:
        money = f"{len(seen.slips)} slips"
    return f"{'…' if seen.waits else ''}{seen.ending.code}{fault}: {money}; {seen.sheets} sheets{original}{who}"


def outcome_at_screen(acted: Acted) -> str:
    """Return what the scene said of the paper or the words, and how many papers came out."""
    return f"{acted.said or 'no end'}: {acted.came} papers"


def lettered(results: Sequence[Result]) -> Mapping[str, str]:
    """Return a short name for each outcome, the most frequent first."""
    counts = Counter(each.outcome.removeprefix("…") for each in results if each.reached)
    return {outcome: _letters(number) for number, (outcome, _) in enumerate(counts.most_common())}


def markdown(results: Sequence[Result]) -> str:
    """Return the page: one table a device, and what the letters stand for."""
    names, by_cell = lettered(results), {each.cell: each for each in results}
    parts = [_HEAD, *(f"- **{name}** {outcome}" for outcome, name in names.items())]
    for device in ALL_DEVICES:
        columns = modes(device)
        parts += ["", f"## {device.capitalize()}", "", _line(["step", *columns]), _line(["---"] * (1 + len(columns)))]
        for row in (each for each in ROWS if device in each.devices):
            parts.append(_line([row.name, *(_both(by_cell, names, row.name, device, mode) for mode in columns)]))
    return "\n".join(parts) + "\n"


def text(results: Iterable[Result]) -> str:
    """Return every cell in full, one a line."""
    return "\n".join(
        f"{row:<11} {device:<14} {mode:<9} {moment:<12} {each.outcome}"
        for each in results
        if each.reached
        for row, device, mode, moment in (each.cell,)
    )


def _both(results: Mapping[Cell, Result], names: Mapping[str, str], row: str, device: str, mode: Mode) -> str:
    found = [results.get((row, device, mode, moment)) for moment in Moment]
    said = [_short(each, names) for each in found if each and each.reached]
    return " / ".join(dict.fromkeys(said)) or "–"


def _short(result: Result, names: Mapping[str, str]) -> str:
    waits = "…" if result.outcome.startswith("…") else ""
    return f"{waits}{names[result.outcome.removeprefix('…')]}{' BROKEN' if result.broken else ''}"


def _letters(number: int) -> str:
    return chr(ord("A") + number) if number < 26 else f"{chr(ord('A') + number // 26 - 1)}{chr(ord('A') + number % 26)}"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
