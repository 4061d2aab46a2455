"""The day as a picture: everybody's wait by class, the line at the counter, and when the hub died."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from agent.copies import typefaces
from contract.messages import Priority
from hub.store.tables import QueueTicket

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1400, 760, 80, 70, 70, 60
SPAN_H = 12.0
_COLOURS = {"line": "#17513d", "priority": "#c26a00", "booked": "#1d5fd1"}
_NAMES = {"line": "by arrival", "priority": "priority", "booked": "booked"}


def draw(
    rows: Sequence[QueueTicket],
    line: Sequence[tuple[datetime, int]],
    kills: Sequence[datetime],
    eve: datetime,
    path: Path,
) -> None:
    """Write the picture as PNG."""
    page = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(typefaces.sans(bold=False), 18)
    waited = [(row, _wait_min(row)) for row in rows if row.first_called_at]
    most = max([5.0, *(wait for _, wait in waited), *(count for _, count in line)]) * 1.08

    def x(at: datetime) -> float:
        return LEFT + (at - eve).total_seconds() / 3600 / SPAN_H * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM)

    for hour in range(int(SPAN_H) + 1):
        at = LEFT + hour / SPAN_H * (WIDTH - LEFT - RIGHT)
        pen.line((at, TOP, at, HEIGHT - BOTTOM), fill="#e6e2d8")
        pen.text((at, HEIGHT - BOTTOM + 10), f"{eve.hour + hour}:00", font=font, fill="#333333", anchor="mt")
    for value in range(0, int(most) + 1, 5 if most < 60 else 20):
        pen.line((LEFT, y(value), WIDTH - RIGHT, y(value)), fill="#e6e2d8")
        pen.text((LEFT - 10, y(value)), str(value), font=font, fill="#333333", anchor="rm")
    for at in kills:
        pen.line((x(at), TOP, x(at), HEIGHT - BOTTOM), fill="#d23b3b", width=2)
    points = [(x(at), y(count)) for at, count in line]
    if len(points) > 1:
        pen.line(points, fill="#9aa39d", width=2)
    for row, wait in waited:
        _dot(pen, x(row.came_at), y(wait), _COLOURS[_kind(row)])
    pen.text((LEFT, 14), "Minutes waited until the first call, by the time of coming", font=font, fill="black")
    at = LEFT
    for kind, name in _NAMES.items():
        _dot(pen, at + 6, 54, _COLOURS[kind])
        pen.text((at + 18, 54), name, font=font, fill="black", anchor="lm")
        at += 40 + int(font.getlength(name))
    pen.text((at, 54), "grey: people in the line    red: the hub dies", font=font, fill="black", anchor="lm")
    page.save(path)


def _kind(row: QueueTicket) -> str:
    return "booked" if row.slot_at else "line" if row.priority == Priority.NONE else "priority"


def _wait_min(row: QueueTicket) -> float:
    assert row.first_called_at is not None
    since = max(row.came_at, row.slot_at or row.came_at)
    return max(0.0, (row.first_called_at - since).total_seconds() / 60)


def _dot(pen: ImageDraw.ImageDraw, x: float, y: float, colour: str) -> None:
    pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=colour)
