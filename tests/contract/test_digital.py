"""Codes and names of digitised documents as the guidance writes them."""

from datetime import date

import pytest

from contract.digital import DocCode, MalformedDocCode, file_name, separated, separator_text
from contract.dossiers import PROCEDURES, procedure


def test_the_guidances_own_example_is_read_and_written() -> None:
    code = DocCode.parse("G06.01_CV_000021_V1")
    assert code == DocCode(agency="G06.01", type="CV", serial=21, version=1) and str(code) == "G06.01_CV_000021_V1"
    assert code.base == "G06.01_CV_000021"
    assert file_name(code, date(2025, 2, 2), "Số hóa tài liệu") == "G06.01_CV_000021_V1_20250202_SoHoaTaiLieu.pdf"
    assert file_name(code, date(2025, 2, 2), "") == "G06.01_CV_000021_V1_20250202.pdf"


def test_a_letter_with_a_mark_of_its_own_is_the_same_code() -> None:
    assert DocCode.parse("G06.01_QĐ_000021_V2").type == "QĐ"


@pytest.mark.parametrize(
    "text",
    ["", "G06.01_CV_21_V1", "G06.01_CV_000000_V1", "G06.01_CV_000021_V0", "../x_CV_000021_V1", "G06.01_CV_000021_V1\n"],
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(MalformedDocCode):
        DocCode.parse(text)


def test_a_separator_speaks_for_its_own_procedure_or_for_any() -> None:
    assert separated(separator_text("1.001193", "TO_KHAI"), "1.001193") == "TO_KHAI"
    assert separated(separator_text(), "1.001193") == ""
    assert separated(separator_text("1.000656", "TO_KHAI"), "1.001193") is None
    assert separated("TRAM-TACH", "1.001193") is None and separated("https://x:1:2", "1.001193") is None


def test_every_procedure_has_components_of_its_own_codes_and_one_that_is_required() -> None:
    for each in PROCEDURES:
        codes = [component.code for component in each.components]
        assert len(set(codes)) == len(codes) and any(component.required for component in each.components)
        assert procedure(each.code) is each and each.component(codes[0]) is each.components[0]
    assert procedure("9.999999") is None
