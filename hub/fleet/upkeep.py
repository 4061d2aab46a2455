"""The fleet's own worker: alerts are judged, jobs expire, hours are summed up, what is old goes."""

import asyncio
from typing import NoReturn

from hub.fleet import alerts, events, history, jobs
from hub.rooms import Hub

JUDGE_EVERY_S = 30.0
SWEEP_EVERY_S = 600.0


async def run(hub: Hub) -> NoReturn:
    """Work for ever."""
    swept_s = -SWEEP_EVERY_S
    while True:
        await asyncio.to_thread(judge, hub)
        if hub.clock.monotonic() - swept_s >= SWEEP_EVERY_S:
            await asyncio.to_thread(sweep, hub)
            swept_s = hub.clock.monotonic()
        await hub.clock.sleep(JUDGE_EVERY_S)


def judge(hub: Hub) -> None:
    """Raise and clear alerts; end jobs that nobody answered."""
    alerts.review(hub)
    jobs.expire(hub)


def sweep(hub: Hub) -> None:
    """Sum up hours and remove what is kept long enough."""
    now = hub.clock.now()
    with hub.database.writing() as session:
        history.sum_up(session, now)
        for room in (history, events, alerts):
            room.purge(session, now)
    jobs.purge(hub)
