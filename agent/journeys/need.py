"""The question to VNeID whether a copy is needed: it belongs to no visit, and nothing of it stays once it is over."""

from typing import Final

from agent.journeys.parts import Kiosk

QUESTIONS: Final = "need"
"""Stands for the visit."""


async def forget(kiosk: Kiosk) -> None:
    """Take an unanswered question back and blank it: the code in it is the citizen's."""
    await kiosk.ledger.outbox.withdraw(QUESTIONS)
    await kiosk.ledger.outbox.forget(QUESTIONS)
