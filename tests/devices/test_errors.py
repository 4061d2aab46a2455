"""The fault table: every fault of every device speaks to citizen and technician, and the page made of it is new."""

import dataclasses
import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agent import devices
from agent.devices import errors, manual
from agent.devices.errors import DeviceError

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
VIETNAMESE = re.compile(r"[àáảãạăâđèéẻẽẹêìíỉĩịòóỏõọôơùúủũụưỳýỷỹỵ]", re.IGNORECASE)

for module in pkgutil.walk_packages(devices.__path__, f"{devices.__name__}."):
    importlib.import_module(module.name)

FAULTS = list(manual.faults())


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_has_every_cell_in_the_right_language(fault: type[DeviceError]) -> None:
    line = manual.row(fault)
    assert all(dataclasses.asdict(line).values())
    vietnamese = (line.vi, line.paper_vi, line.money_vi, line.cause_vi, line.remedy_vi)
    assert all(VIETNAMESE.search(cell) for cell in vietnamese)
    assert not any(VIETNAMESE.search(cell) for cell in (line.en, line.paper_en, line.money_en, line.remedy, line.cause))
    assert all(cell.endswith((".", "?")) for cell in (line.vi, line.en, line.paper_vi, line.paper_en, line.money_vi))
    inside = (line.remedy, line.remedy_vi, line.cause_vi)
    assert not any(cell.endswith(".") for cell in inside), "the sentence around it brings the full stop"


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_stands_in_the_tree_and_in_the_package(fault: type[DeviceError]) -> None:
    assert re.search(rf"\b{fault.__name__}\b", errors.__doc__ or "")
    assert fault.__name__ in errors.__all__


def test_each_code_is_used_once_and_each_group_has_faults() -> None:
    codes = [fault.code for fault in FAULTS]
    assert len(set(codes)) == len(codes)
    groups = [kind for kind in DeviceError.__subclasses__() if "code" not in vars(kind)]
    assert all(kind.__subclasses__() for kind in groups)


def test_message_names_the_cause_and_the_remedy() -> None:
    assert str(errors.TicketPaperOut("roll 1")) == f"roll 1. {errors.TicketPaperOut.remedy}."
    assert str(errors.NoOriginal()) == f"{errors.NoOriginal.en} {errors.NoOriginal.remedy}."


def test_manual_page_is_the_table_as_it_is_now() -> None:
    """A stale page: run `python -m agent.devices.manual > docs/faults.md`."""
    made = subprocess.run([sys.executable, "-m", "agent.devices.manual"], capture_output=True, text=True, check=True)
    assert made.stdout == PAGE.read_text(encoding="utf-8")
    assert all(f"`{fault.code}`" in made.stdout for fault in FAULTS)
