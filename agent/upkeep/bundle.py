"""A bundle for whoever looks for a fault from afar: what the kiosk did and how it is, nothing of the people served.

Ids, kinds, times, states and log lines go in; wishes, results, papers, amounts of single visits and names do not. Log
lines hold no names by the house's rule; numbers and addresses that could be a person's are struck out all the same.
"""

import asyncio
import io
import json
import re
import zipfile
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from agent.journeys.endings import Ending
from agent.journeys.parts import Kiosk
from agent.ledger.journal import VisitRecord
from agent.telemetry import telemetry
from agent.upkeep import logbook
from agent.whole_file import write_whole
from contract.messages import encode

VISITS_SINCE = timedelta(days=2)
MOST_VISITS = 200
STRUCK_OUT = "▒"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?"
_PERSONAL = re.compile(
    rf"(?P<time>{_TIME})|(?<![0-9A-Za-z])\+?[0-9](?:[ .-]?[0-9]){{8,}}(?![0-9A-Za-z])|[\w.+-]+@[\w-]+\.[\w.]+"
)
"""Nine digits or more (identity numbers, telephones, accounts) and e-mail addresses; no times, no ids with letters."""


async def collected(kiosk: Kiosk, path: Path) -> bytes:
    """Return the bundle that lies at `path`; collect and write it, whole, where there is none. Raise OSError."""
    if (kept := await asyncio.to_thread(_read, path)) is not None:
        return kept
    parts = {
        "about.json": {
            "kiosk": kiosk.place.kiosk,
            "version": version("tram"),
            "at": kiosk.clock.now().isoformat(),
            "link": msgspec.to_builtins(kiosk.link.status),
            "service": kiosk.door.mode,
        },
        "telemetry.json": json.loads(encode(await telemetry(kiosk))),
        "visits.json": await _visits(kiosk),
        "unsent.json": [{"id": each.id, "room": each.room} for each in await kiosk.ledger.outbox.pending()],
        "jobs.json": [
            {"id": each.job.id, "verb": each.job.verb, "state": each.state, "detail": each.detail}
            for each in await kiosk.ledger.remote.last_jobs(50)
        ],
    }
    log = await asyncio.to_thread(logbook.read, kiosk.ledger.folder)
    return await asyncio.to_thread(_write, path, parts, without_persons(log))


def without_persons(text: str) -> str:
    """Return `text` with what could be a person's number or address struck out."""
    return _PERSONAL.sub(lambda found: found["time"] or STRUCK_OUT, text)


async def _visits(kiosk: Kiosk) -> list[dict[str, Any]]:
    journal = kiosk.ledger.journal
    closed = await journal.visits_closed_since(kiosk.clock.now() - VISITS_SINCE)
    records = [*closed, *await journal.open_visits()][-MOST_VISITS:]
    return [await _visit(kiosk, record) for record in records]


async def _visit(kiosk: Kiosk, record: VisitRecord) -> dict[str, Any]:
    ending = msgspec.json.decode(record.ending, type=Ending) if record.ending else None
    steps = await kiosk.ledger.journal.steps(record.id)
    return {
        "id": record.id,
        "opened_at": record.opened_at.isoformat(),
        "closed_at": record.closed_at.isoformat() if record.closed_at else None,
        "ending": ending.code if ending else None,
        "fault": ending.fault if ending else None,
        "stumbles": record.stumbles,
        "steps": [{"name": step.name, "seconds": step.seconds} for step in steps],
    }


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _write(path: Path, parts: dict[str, Any], log: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in parts.items():
            bundle.writestr(name, json.dumps(content, ensure_ascii=False, indent=1))
        bundle.writestr("agent.log", log)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content := packed.getvalue())
    return content
