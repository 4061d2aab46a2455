"""Card, computer and site in one folder. An enrolled kiosk is put aside, so that each round can begin from it alone."""

import json
import shutil
import subprocess
from dataclasses import asdict
from pathlib import Path

from provisioning.onebox.box import Ports
from tests.prove.image import console_units
from tests.prove.image.computer import Computer, blank_card
from tests.prove.image.site import Site

_CARD, _PORTS, _SITE = "card.qcow2", "ports.json", "site"


class Bench:
    """What a round has before it; `folder` is emptied first, but where it was put aside before."""

    def __init__(self, folder: Path, image: Path, *, put_aside: Path | None = None) -> None:
        self._folder, self._made_of = folder, image.with_name("made-of")
        shutil.rmtree(folder, ignore_errors=True)
        if put_aside:
            _copy(put_aside, folder)
        else:
            folder.mkdir(parents=True)
            console_units.lay(blank_card(image, folder / _CARD), folder)
            (folder / _PORTS).write_text(json.dumps(asdict(Ports.free())))
        self.site = Site(folder / _SITE, Ports(**json.loads((folder / _PORTS).read_text())))
        self.computer = Computer(folder / "computer", folder / _CARD, shared=self.site.folder, devices=self.site.board)

    def begin(self) -> None:
        """Start the site; the computer stays off."""
        self.site.start()

    def put_aside(self, kept: Path) -> None:
        """Copy all of it to `kept`; the computer is off."""
        self.site.box.stop()
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copy(self._made_of, self._folder)
        _copy(self._folder, kept)
        self.site.start()

    def clear(self) -> None:
        """Switch everything off; what was said and written stays in the folder."""
        self.computer.pull_the_plug()
        self.site.box.stop()


def usable(kept: Path, image: Path) -> bool:
    """Return whether a kiosk of this very image was put aside at `kept`."""
    made_of, now = kept / "made-of", image.with_name("made-of")
    return made_of.exists() and made_of.read_text() == now.read_text()


def _copy(old: Path, new: Path) -> None:
    """Copy a folder with its sockets and owners; the card shares its blocks where the file system can."""
    subprocess.run(["cp", "-a", "--reflink=auto", "--sparse=always", str(old), str(new)], check=True)
