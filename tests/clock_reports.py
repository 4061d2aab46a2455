"""Reports of a clock as `systemd/clock-watch` writes them, for what asks whether it may be believed."""

import time
from pathlib import Path

GOOD = """\
up {up_s:.2f}
tracking 7F000001,nts.example,4,1795872607.438539242,-0.000002273,0.0,0.0,0.1,0.1,1.1,0.000005956,0.000003092,1.0,Normal
sources ^,*,nts.example,3,0,377,0,-0.000000016,0.000000554,0.000003013
authdata nts.example,NTS,3,15,256,6,0,0,8,100
"""


def believable(path: Path, *, age_s: float = 0.0) -> Path:
    """Write that one authenticated server has set the clock, so many seconds ago; return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(GOOD.format(up_s=time.clock_gettime(time.CLOCK_BOOTTIME) - age_s))
    return path
