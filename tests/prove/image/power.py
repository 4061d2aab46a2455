"""Power cuts at random moments: amid the first boot, amid numbers that are drawn. What was promised is not lost."""

import random
import re
import time

from tests.prove.image import kiosk
from tests.prove.image.bench import Bench
from tests.prove.image.card import judge_data
from tests.prove.image.computer import SLOWNESS, Computer
from tests.prove.image.serial_console import ConsoleFailed

_DRAW = """python3 -uc "
import json, urllib.request as u
wish = json.dumps({'service': 'CT', 'printed': False}).encode()
while True:
    asked = u.Request('http://127.0.0.1:8080/tickets', wish, {'content-type': 'application/json'})
    print('drawn', json.loads(u.urlopen(asked, timeout=20).read())['visit'])
" """
_FIRST_BOOT_S, _WORK_S = (1.0, 14.0), (3.0, 20.0)


def cut_amid_first_boot(computer: Computer, draw: random.Random, cuts: int) -> str:
    """Cut the power so often amid the first boot of one card; return when, and what the judges say."""
    moments, said = [], ""
    for _ in range(cuts):
        computer.switch_on()
        moments.append(draw.uniform(*_FIRST_BOOT_S) * SLOWNESS)
        time.sleep(moments[-1])
        computer.pull_the_plug()
        said = judge_data(computer.card, computer.folder / "judge")
    return f"power cut {_listed(moments)} s after the switch, in the first boot: each time {said}"


def cut_amid_work(bench: Bench, draw: random.Random, cuts: int) -> str:
    """Cut the power while numbers are drawn, the kiosk booting by itself each time; return what is there."""
    computer, moments, drawn, said = bench.computer, list[float](), list[str](), ""
    kiosk.up(bench)
    for _ in range(cuts):
        moments.append(draw.uniform(*_WORK_S) * SLOWNESS)
        heard = computer.console.run_until_cut(_DRAW, moments[-1])
        computer.pull_the_plug()
        drawn += re.findall(r"drawn (\w+)\r?\n", heard)
        said = judge_data(computer.card, computer.folder / "judge")
        kiosk.up(bench)
    if not drawn:
        raise ConsoleFailed("no number was drawn")
    for visit in drawn:  # one that is lost is answered with 404
        kiosk.asked(computer, f"/tickets/{visit}")
    return (
        f"power cut {_listed(moments)} s into work: each time {said}, online again by itself, enrolled as it was; "
        f"all {len(drawn)} numbers that it had given are there"
    )


def _listed(moments: list[float]) -> str:
    return ", ".join(f"{each:.1f}" for each in moments)
