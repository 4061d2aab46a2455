"""Every fault of the chip speaks to citizen and technician, and stands in the tree."""

import re

import pytest

from agent.identity import errors
from agent.identity.errors import ChipError

VIETNAMESE = re.compile(r"[àáảãạăâđèéẻẽẹêìíỉĩịòóỏõọôơùúủũụưỳýỷỹỵ]", re.IGNORECASE)
FAULTS = ChipError.__subclasses__()


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_speaks_both_languages_and_names_a_remedy(fault: type[ChipError]) -> None:
    assert {"code", "vi", "en", "remedy"} <= vars(fault).keys()
    assert VIETNAMESE.search(fault.vi)
    assert not VIETNAMESE.search(fault.en + fault.remedy + fault().cause)
    assert fault.vi.endswith(".")
    assert fault.en.endswith(".")
    assert not fault.remedy.endswith(".")
    assert str(fault("status 6982")) == f"status 6982. {fault.remedy}."
    assert re.search(rf"\b{fault.__name__}\b", errors.__doc__ or "")
    assert fault.__name__ in errors.__all__


def test_each_code_is_used_once() -> None:
    codes = [fault.code for fault in FAULTS]
    assert len(set(codes)) == len(codes) >= 6
