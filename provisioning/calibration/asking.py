"""Questions to the technician. They wait in a thread of their own: meanwhile the control board keeps its lease."""

import asyncio

import click


async def wait_for_enter(text: str) -> None:
    """Return when the technician has done what the text says."""
    await asyncio.to_thread(click.prompt, f"{text}, and press Enter", default="", show_default=False)


async def says_yes(question: str) -> bool:
    """Return the answer; Enter alone is none."""
    return await asyncio.to_thread(click.confirm, question, default=None)
