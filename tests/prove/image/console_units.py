"""What the proof lays on a blank card, as a site may lay its own units: a login at virtio's console, and patience."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.prove.image.card import change
from tests.prove.image.computer import SLOWNESS

_UNITS = "/usr/local/lib/systemd/system"
_GETTY = "/lib/systemd/system/serial-getty@.service"
_PATIENCE = {
    "service.d": "[Service]\nTimeoutStartSec=1800\n",
    "tram-agent.service.d": "[Unit]\nStartLimitIntervalSec=3000\n[Service]\nWatchdogSec=600\n",
    "tram-display.service.d": "[Service]\nWatchdogSec=600\n",
    "tram-screen.service.d": "[Service]\nWatchdogSec=300\n",
    "dev-hvc0.device.d": "[Unit]\nJobRunningTimeoutSec=1800\n",
}
"""An emulated computer is given this: a real one is not that slow, so no unit waits that long. Each is
a file of another name: of two that apply to one unit, one would hide the other."""


def lay(card: Path, work: Path) -> None:
    """Lay them on the data partition of a card that has not been booted."""
    wants = f"{_UNITS}/multi-user.target.wants"
    requests = [f"mkdir {wants}", f"cd {wants}", f"symlink serial-getty@hvc0.service {_GETTY}"]
    with TemporaryDirectory() as folder:
        for number, (drop_in, text) in enumerate(_PATIENCE.items() if SLOWNESS > 1 else ()):
            source = Path(folder, str(number))
            source.write_text(text)
            requests += [f"mkdir {_UNITS}/{drop_in}", f"cd {_UNITS}/{drop_in}", f"write {source} {number}.conf"]
        change(card, "tram-data", work, "\n".join(requests))
