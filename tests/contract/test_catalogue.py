"""The catalogue as data: what comes with the program is whole, and a wrong folder says what is wrong."""

from pathlib import Path

import pytest

from contract.catalogue import PROCEDURES, CatalogueWrong, own, read


def test_each_procedure_says_what_a_citizen_needs() -> None:
    catalogue = own()
    assert len(catalogue.procedure) >= 60
    for each in catalogue.procedure:
        assert each.bring and each.english and each.basis, each.code
        assert len(each.short.split()) <= 18, each.short
        assert all(len(line.split()) <= 30 for line in each.bring), each.code
    assert {each.category for each in catalogue.procedure} == {each.id for each in catalogue.category}
    assert catalogue.find("2.000815") and catalogue.find("9.999999") is None


def test_its_fee_of_a_copy_is_the_tariffs() -> None:
    copy = own().find("2.000815")
    assert copy and "2.000 đồng" in copy.fee and "1.000 đồng" in copy.fee and "200.000 đồng" in copy.fee


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda text: text.replace('code = "2.000884"', 'code = "2.000815"'), "stand twice"),
        (lambda text: text.replace('category = "certification"', 'category = "law"'), "not described"),
        (lambda text: text.replace("fee =", "price =", 1), "price"),
        (lambda text: text + "[[procedure", "can't be read"),
    ],
    ids=["a code twice", "an unknown category", "an unknown key", "no TOML"],
)
def test_a_folder_that_is_wrong_says_why(tmp_path: Path, spoil: object, why: str) -> None:
    for name in ("catalogue.toml", "certification.toml"):
        (tmp_path / name).write_text((PROCEDURES / name).read_text(encoding="utf-8"), encoding="utf-8")
    path = tmp_path / "certification.toml"
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")  # type: ignore[operator]
    with pytest.raises(CatalogueWrong, match=why):
        read(tmp_path)
