"""Which catalogue is in force: signed, newer, whole; and what a spoilt disk or a wrong key does not change."""

from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from agent.catalogue.shelf import PACKAGE, CatalogueOlder, Shelf
from contract.catalogue import Catalogue, CatalogueWrong, own, packed
from contract.note import LogSigner

SIGNER = LogSigner(name="tram.example.vn/catalogue", key=Ed25519PrivateKey.generate())
STRANGER = LogSigner(name="tram.example.vn/catalogue", key=Ed25519PrivateKey.generate())


def newer(version: int, *, short: str = "Đăng ký mẫu thử") -> Catalogue:
    changed = replace(own().procedure[0], short=short)
    return replace(own(), version=version, procedure=(changed, *own().procedure[1:]))


def shelf(folder: Path) -> Shelf:
    return Shelf(folder, SIGNER.public)


def test_a_newer_package_is_in_force_at_once_and_after_a_restart(tmp_path: Path) -> None:
    here = shelf(tmp_path)
    assert here.catalogue == own() and here.ask("đăng ký mẫu thử").procedures[0].short != "Đăng ký mẫu thử"
    assert here.take(packed(newer(2), SIGNER)).version == 2
    assert here.ask("đăng ký mẫu thử").procedures[0].short == "Đăng ký mẫu thử"
    assert shelf(tmp_path).catalogue == newer(2)


def test_the_same_once_more_changes_nothing_and_another_of_that_version_is_refused(tmp_path: Path) -> None:
    here = shelf(tmp_path)
    here.take(packed(newer(2), SIGNER))
    before = (tmp_path / PACKAGE).read_bytes()
    assert here.take(packed(newer(2), SIGNER)).version == 2
    with pytest.raises(CatalogueOlder):
        here.take(packed(newer(2, short="Khác"), SIGNER))
    assert (tmp_path / PACKAGE).read_bytes() == before


def test_it_never_goes_back(tmp_path: Path) -> None:
    here = shelf(tmp_path)
    here.take(packed(newer(5), SIGNER))
    with pytest.raises(CatalogueOlder, match="4 is not newer than 5"):
        here.take(packed(newer(4), SIGNER))
    assert shelf(tmp_path).catalogue.version == 5


@pytest.mark.parametrize(
    "package",
    [
        packed(newer(2), STRANGER),
        packed(newer(2), SIGNER).replace(b"tram.example.vn/catalogue", b"tram.example.vn/log"),
        packed(newer(2), SIGNER)[:-100],
        b"",
        b"{}",
    ],
    ids=["another key", "another name", "cut off", "empty", "no package"],
)
def test_what_is_not_signed_as_it_should_be_is_not_taken(tmp_path: Path, package: bytes) -> None:
    here = shelf(tmp_path)
    with pytest.raises(CatalogueWrong):
        here.take(package)
    assert here.catalogue == own() and not (tmp_path / PACKAGE).exists()


def test_a_catalogue_under_the_note_of_another_is_not_taken(tmp_path: Path) -> None:
    two, three = (msgspec.json.decode(packed(newer(version), SIGNER)) for version in (2, 3))
    with pytest.raises(CatalogueWrong, match="not the one that its note signs"):
        shelf(tmp_path).take(msgspec.json.encode(three | {"catalogue": two["catalogue"]}))


def test_a_spoilt_file_leaves_the_programs_own_in_force_and_can_be_replaced(tmp_path: Path) -> None:
    shelf(tmp_path).take(packed(newer(2), SIGNER))
    whole = (tmp_path / PACKAGE).read_bytes()
    (tmp_path / PACKAGE).write_bytes(whole[: len(whole) // 2])
    again = shelf(tmp_path)
    assert again.catalogue == own()
    assert again.take(whole).version == 2


def test_a_full_disk_leaves_what_was_in_force(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder can be made here")
    here = shelf(blocked / "catalogue")
    with pytest.raises(OSError):
        here.take(packed(newer(2), SIGNER))
    assert here.catalogue == own()


def test_a_kiosk_without_a_key_takes_none_and_answers_all_the_same(tmp_path: Path) -> None:
    here = Shelf(tmp_path)
    with pytest.raises(CatalogueWrong, match=r"\[guide\]"):
        here.take(packed(newer(2), SIGNER))
    assert here.ask("đăng ký kết hôn").procedures[0].code == "1.000894"
