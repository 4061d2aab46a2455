"""Every cell of the matrix, played in as many processes as there is room for."""

import logging
import multiprocessing
from collections.abc import Sequence

from tests.prove.matrix import table
from tests.prove.matrix.cell import play
from tests.prove.matrix.promises import broken
from tests.prove.matrix.table import Cell, Result
from tests.prove.matrix.trouble import DEVICES, ROWS, Moment, modes


def cells() -> list[Cell]:
    """Return every cell."""
    return [
        (row.name, device, mode, moment)
        for row in ROWS
        for device in DEVICES
        for mode in modes(device)
        for moment in Moment
    ]


def result_of(cell: Cell) -> Result:
    """Play one cell and judge it."""
    logging.disable(logging.WARNING)
    row = next(each for each in ROWS if each.name == cell[0])
    played = play(row, *cell[1:])
    return Result(cell, played.seen.reached, table.outcome_of(played.seen), tuple(broken(played)))


def results_of(chosen: Sequence[Cell], jobs: int) -> list[Result]:
    """Play these cells in `jobs` processes."""
    with multiprocessing.get_context("forkserver").Pool(jobs) as pool:
        return pool.map(result_of, chosen, chunksize=4)
