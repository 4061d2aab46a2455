"""Checking a certified copy."""

from agent.screen.page.state import Held

TABLE = {"lay": Held(scene="lay")}
BUILT_KEYS = ("check.valid", "check.invalid", "check.unknown", "check.none")
