"""The short form of `make prove-kill`."""

import random
from collections.abc import Iterator

import pytest

from provisioning.onebox import glass
from provisioning.onebox.box import OneBox, Ports
from tests.prove import kill

pytestmark = pytest.mark.xdist_group("onebox")


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OneBox]:
    folder = tmp_path_factory.mktemp("kill")
    box = OneBox(folder, glass.lay((), folder / "glass"), Ports.free())
    box.start(lambda _: None)
    yield box
    box.stop()


@pytest.mark.parametrize("part", kill.PARTS)
def test_a_part_killed_during_a_copy_leaves_one_sheet_one_number_and_the_right_money(box: OneBox, part: str) -> None:
    held_vnd = box.cash.gained_vnd()
    kill.rounds(box, part, 1, 6.0, random.Random(part))
    assert box.cash.gained_vnd() == held_vnd + kill.FEE_VND
