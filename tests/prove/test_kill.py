"""The short form of `make prove-kill`."""

import random

import pytest

from provisioning.onebox import glass
from provisioning.onebox.box import OneBox, Ports
from tests.prove import kill

pytestmark = pytest.mark.xdist_group("onebox")


@pytest.mark.parametrize("part", kill.PARTS)
def test_a_part_killed_during_a_copy_leaves_one_sheet_one_number_and_the_right_money(tmp_path, part):
    box = OneBox(tmp_path, glass.lay((), tmp_path / "glass"), Ports.free())
    box.start(lambda _: None)
    try:
        kill.rounds(box, part, 1, 6.0, random.Random(part))
        assert box.cash.gained_vnd() == kill.FEE_VND
    finally:
        box.stop()
