"""The proof of the citizen's screen: every scene measured in every size and liking, every journey walked."""

import sys
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(_TESTS / "agent"), str(_TESTS / "agent/screen")]  # where the tables of scenes and doubles lie
