"""`python -m tests.prove.fuzz_bridge [FRAMES]`: a million hostile frames for the firmware and for the host."""

import asyncio
import random
import sys
import time

from firmware_bridge.firmware_image import build
from tests.firmware_bridge.bridge_fuzz import run_board, run_host


def main() -> None:
    """Fuzz both ends; a failure ends with the seed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = random.SystemRandom().getrandbits(32)
    print(f"seed {seed}, {count:,} frames each way")
    asyncio.run(build("fuzz"))
    for name, run in (("firmware (address and undefined-behaviour sanitizers)", run_board), ("host", run_host)):
        begun = time.monotonic()
        answered = run(random.Random(seed), count)
        print(f"{name}: no fault, {answered:,} answered or taken, {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
