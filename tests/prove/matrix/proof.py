"""Every cell of the matrix, played in as many processes as there is room for."""

import logging
import multiprocessing
import sys
from collections.abc import Sequence

from tests.prove.matrix import at_screen, table
from tests.prove.matrix.acted import Acted
from tests.prove.matrix.cell import disk, play
from tests.prove.matrix.promises import broken
from tests.prove.matrix.table import Cell, Result
from tests.prove.matrix.trouble import ROWS, Mode, Moment, Row, Trouble, modes
from tests.virtual_loop import run

TELL_EVERY = 50


def cells() -> list[Cell]:
    """Return every cell; a device that takes no part in a step has no midst of it."""
    taking_part = {kind: _taking_part(*kind) for kind in {(row.story, row.looks) for row in ROWS}}
    return [
        (row.name, device, mode, moment)
        for row in ROWS
        for device in row.devices
        for mode in modes(device)
        for moment in Moment
        if moment is Moment.START
        or device == "kiosk"
        or (row.step, _acting(device)) in taking_part[row.story, row.looks]
    ]


def _taking_part(story: str, looks: bool) -> set[tuple[str, str]]:
    """Return step and device for all that devices do in a visit without trouble."""
    if story in at_screen.SCRIPTS:
        step = next(row.step for row in ROWS if row.story == story)
        return _at_screen(Row("", story, step), "nothing", Mode.LOST, Moment.START).place.trouble.acted
    trouble_free = Row("", story, "no such step", looks)
    return play(trouble_free, "kiosk", Mode.CUT, Moment.START).place.trouble.acted


def _at_screen(row: Row, device: str, mode: Mode, moment: Moment) -> Acted:
    with disk() as folder:
        return run(at_screen.play(folder, row.story, Trouble(device, mode, row.step, moment)))


def _acting(device: str) -> str:
    return "cash" if device == "control board" else device


def result_of(cell: Cell) -> Result:
    """Play one cell and judge it."""
    logging.disable(logging.WARNING)
    row = next(each for each in ROWS if each.name == cell[0])
    if row.story in at_screen.SCRIPTS:
        acted = _at_screen(row, *cell[1:])
        return Result(cell, acted.place.trouble.reached, table.outcome_at_screen(acted), tuple(at_screen.broken(acted)))
    played = play(row, *cell[1:])
    return Result(cell, played.seen.reached, table.outcome_of(played.seen), tuple(broken(played)))


def results_of(chosen: Sequence[Cell], jobs: int) -> list[Result]:
    """Play these cells in `jobs` processes."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.prove.matrix.proof"])
    results = []
    with context.Pool(jobs) as pool:
        for result in pool.imap(result_of, chosen):
            results.append(result)
            if len(results) % TELL_EVERY == 0:
                print(f"{len(results)} of {len(chosen)} cells", file=sys.stderr, flush=True)
            if result.broken:
                print(f"BROKEN {' · '.join(result.cell)}: {'; '.join(result.broken)}", file=sys.stderr, flush=True)
    return results
