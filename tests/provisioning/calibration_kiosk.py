"""The kiosk that is calibrated in the tests: its file, cameras it may have, and the command run on it."""

from io import BytesIO
from pathlib import Path

from click.testing import CliRunner, Result

from provisioning.calibrate import calibrate

TOML = """\
[kiosk]
id = "kiosk-01"
site = "Sảnh A"
province = "Hà Nội"
folder = "var"
legal_mode = "PREPARE_ONLY"
presented = "COUNTER"
pays_by_transfer = true
[hub]
host = "localhost"
public_url = "http://127.0.0.1:9"
ca = "ca.pem"
certificate = "device.pem"
key = "device.key"
[scanner]
class = "agent.devices.scanner.FolderScanner"
pages = ["page.ppm"]
config_dir = "sane"
[printer]
class = "agent.devices.page_printer.SimulatedPagePrinter"
"""
FOLDER = '[devices.camera]\nclass = "agent.devices.camera.FolderCamera"\nfolder = "pictures"\n'
FILM = '[devices.front_camera]\nclass = "agent.devices.camera.OpenCvCamera"\npath = "film.avi"\n'


def calibrated(place: Path, part: str, devices: str, *words: str, answers: str | BytesIO | None = None) -> Result:
    """Run `tram calibrate PART` on a kiosk with these devices besides scanner and printer."""
    toml = place / "kiosk.toml"
    toml.write_text(TOML + devices, encoding="utf-8")
    return CliRunner().invoke(calibrate, [part, "--config", str(toml), *words], input=answers)
