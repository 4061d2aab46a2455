"""A figure's history as a picture the page carries in itself (SVG): drawn here, no script, readable in print."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from markupsafe import Markup

from contract.clock import VIETNAM
from contract.vitals import Vital
from hub.fleet.history import Point

WIDTH, HEIGHT = 360, 118
LEFT, RIGHT, TOP, BOTTOM = 52, 6, 8, 18
MOST_POINTS = 240
_GAP = 4
"""So many spans without a figure break the line: nothing was heard meanwhile."""


def plot(vital: Vital, points: Sequence[Point], *, since: datetime, until: datetime, step: timedelta) -> Markup:
    """Return the picture of `points` (oldest first, one each `step`) between two moments; the band is low to high."""
    thinned = _thinned(points, since, until)
    low, high = _bounds(thinned)
    grain = max(step, (until - since) / MOST_POINTS)

    def x(at: datetime) -> float:
        return LEFT + (at - since) / (until - since) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return TOP + (high - value) / (high - low) * (HEIGHT - TOP - BOTTOM)

    parts = [*_grid(low, high, since, until, y, x)]
    for run in _runs(thinned, grain * _GAP):
        upper = " ".join(f"{x(each.at):.1f},{y(each.high):.1f}" for each in run)
        lower = " ".join(f"{x(each.at):.1f},{y(each.low):.1f}" for each in reversed(run))
        line = " ".join(f"{x(each.at):.1f},{y(each.value):.1f}" for each in run)
        parts.append(Markup('<polygon class="band" points="{} {}"/>').format(upper, lower))
        parts.append(Markup('<polyline class="line" points="{}"/>').format(line))
        if len(run) == 1:
            parts.append(
                Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="2"/>').format(x(run[0].at), y(run[0].value))
            )
    said = f"{vital.en}: {figure(points[-1].value)} {vital.unit}".strip() if points else vital.en
    frame = Markup('<svg class="plot" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>')
    return frame.format(WIDTH, HEIGHT, said, Markup("").join(parts))


def figure(value: float) -> str:
    """Return a figure as people read it: `1.234`, `0,5`."""
    rounded = f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:,.1f}"
    return rounded.replace(",", " ").replace(".", ",").replace(" ", ".")


def _thinned(points: Sequence[Point], since: datetime, until: datetime) -> list[Point]:
    """Return at most MOST_POINTS points; lowest and highest of what is put together stay."""
    grain = (until - since) / MOST_POINTS
    heaps: dict[int, list[Point]] = {}
    for point in points:
        if since <= point.at <= until:
            heaps.setdefault(int((point.at - since) / grain), []).append(point)
    return [
        Point(
            at=heap[len(heap) // 2].at,
            value=sum(each.value for each in heap) / len(heap),
            low=min(each.low for each in heap),
            high=max(each.high for each in heap),
        )
        for heap in heaps.values()
    ]


def _bounds(points: Sequence[Point]) -> tuple[float, float]:
    low = min((each.low for each in points), default=0.0)
    high = max((each.high for each in points), default=1.0)
    room = max((high - low) * 0.08, abs(high) * 0.02, 0.5)
    return (max(0.0, low - room) if low >= 0 else low - room), high + room


def _runs(points: Sequence[Point], longest: timedelta) -> Iterator[list[Point]]:
    run: list[Point] = list(points[:1])
    for before, after in pairwise(points):
        if after.at - before.at > longest:
            yield run
            run = []
        run.append(after)
    if run:
        yield run


def _grid(
    low: float,
    high: float,
    since: datetime,
    until: datetime,
    y: Callable[[float], float],
    x: Callable[[datetime], float],
) -> Iterator[Markup]:
    for value in (low, (low + high) / 2, high):
        yield Markup(
            '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
            '<text class="tick" x="{}" y="{:.1f}" text-anchor="end">{}</text>'
        ).format(LEFT, WIDTH - RIGHT, y(value), y(value), LEFT - 5, y(value) + 3, figure(value))
    for share in (0, 1 / 3, 2 / 3, 1):
        at = (since + (until - since) * share).astimezone(VIETNAM)
        words = f"{at:%H:%M}" if until - since < timedelta(days=3) else f"{at:%d/%m}"
        anchor = "start" if share == 0 else "end" if share == 1 else "middle"
        yield Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="{}">{}</text>').format(
            x(at), HEIGHT - 5, anchor, words
        )
