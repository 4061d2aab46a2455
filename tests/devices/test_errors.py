"""Every leaf of the error tree speaks to citizen and technician."""

import pytest

from agent.devices import errors
from agent.devices.errors import DeviceError


def leaves(kind: type[DeviceError] = DeviceError) -> list[type[DeviceError]]:
    own = [kind] if "code" in vars(kind) else []
    return own + [leaf for child in kind.__subclasses__() for leaf in leaves(child)]


@pytest.mark.parametrize("leaf", leaves())
def test_leaf_names_code_sentences_remedy_paper_and_money(leaf: type[DeviceError]) -> None:
    assert all((leaf.code, leaf.vi, leaf.en, leaf.remedy, leaf.paper, leaf.money))
    assert leaf.__name__ in (errors.__doc__ or "")


def test_codes_are_unique() -> None:
    codes = [leaf.code for leaf in leaves()]
    assert len(set(codes)) == len(codes)
