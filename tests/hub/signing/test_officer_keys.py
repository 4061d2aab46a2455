"""An officer's key opens with his PIN alone, and never signs for somebody else or after it was locked."""

from pathlib import Path

import pytest
from signing_doubles import AGENCY, NOON, OFFICER, TITLE, attestation, draft

from contract.clock import SimulatedClock
from hub.faults import PinBlocked, PinUnfit, PinWrong
from hub.signing import certify, services
from hub.signing.faults import KeyLocked, PkiDamaged, SomebodyElsesKey
from hub.signing.pin_tries import BLOCKED_FOR
from hub.signing.pki import Officer, Pki, ensure
from hub.signing.signers import OpenKeys, PinState

PIN = "482913"


@pytest.fixture
def with_pin(own_pki: Pki) -> Pki:
    own_pki.officer_keys.choose_pin(OFFICER, PIN)
    return own_pki


def test_copy_is_signed_with_the_opened_key_and_not_once_it_is_locked(with_pin: Pki, noon: SimulatedClock) -> None:
    key = with_pin.officer_keys.open(OFFICER, PIN)
    certifier = certify.Certifier(with_pin, noon, services.embedded(with_pin, noon))
    assert certifier.certify(draft(), attestation(), key).level == "PAdES B-LTA"
    key.close()
    with pytest.raises(KeyLocked):
        certifier.certify(draft(), attestation(), key)


def test_key_under_a_pin_does_not_open_without_it(with_pin: Pki) -> None:
    assert with_pin.officer_keys.pin_state(OFFICER) is PinState.CHOSEN
    with pytest.raises(PkiDamaged):
        with_pin.certifier(OFFICER)


def test_key_of_a_colleague_signs_nothing_in_another_name(with_pin: Pki, noon: SimulatedClock) -> None:
    with_pin.enrol(Officer(name="Lê Văn Mẫu", title="Chủ tịch"))
    with_pin.officer_keys.choose_pin("Lê Văn Mẫu", "730518")
    key = with_pin.officer_keys.open("Lê Văn Mẫu", "730518")
    with pytest.raises(SomebodyElsesKey, match=OFFICER):
        certify.Certifier(with_pin, noon, services.embedded(with_pin, noon)).certify(draft(), attestation(), key)


def test_fifth_wrong_pin_blocks_the_key_for_a_while_also_across_a_restart(
    with_pin: Pki, tmp_path: Path, noon: SimulatedClock
) -> None:
    for _ in range(5):
        with pytest.raises(PinWrong):
            with_pin.officer_keys.open(OFFICER, "111222")
    again = Pki(tmp_path / "pki", noon)
    with pytest.raises(PinBlocked):
        again.officer_keys.open(OFFICER, PIN)
    noon.advance(BLOCKED_FOR.total_seconds())
    assert again.officer_keys.open(OFFICER, PIN).certificate == again.certificate_of(OFFICER)


@pytest.mark.parametrize("pin", ["12345", "123456", "987654", "111111", "abcdef", "1234567890123", ""])
def test_pin_that_is_easily_guessed_is_not_taken(own_pki: Pki, pin: str) -> None:
    with pytest.raises(PinUnfit):
        own_pki.officer_keys.choose_pin(OFFICER, pin)
    assert own_pki.officer_keys.pin_state(OFFICER) is PinState.NOT_CHOSEN


def test_pin_is_chosen_once(with_pin: Pki) -> None:
    with pytest.raises(PinUnfit, match="already"):
        with_pin.officer_keys.choose_pin(OFFICER, "730518")
    assert with_pin.officer_keys.open(OFFICER, PIN)


def test_power_cut_between_locking_the_file_and_remembering_it_is_mended_by_the_same_pin(
    with_pin: Pki, tmp_path: Path, noon: SimulatedClock
) -> None:
    (tmp_path / "pki" / "pins.json").unlink()
    again = Pki(tmp_path / "pki", noon)
    again.officer_keys.choose_pin(OFFICER, PIN)
    assert again.officer_keys.open(OFFICER, PIN)


def test_folder_from_before_pins_gets_its_certificates_out_once(own_pki: Pki, tmp_path: Path) -> None:
    (out,) = (tmp_path / "pki" / "people").glob("officer-*.pem")
    out.unlink()
    again = ensure(
        tmp_path / "pki", SimulatedClock(NOON), agency=AGENCY, certifiers=[Officer(name=OFFICER, title=TITLE)]
    )
    assert again.certificate_of(OFFICER) == own_pki.certificate_of(OFFICER)
    assert out.exists()


def test_open_key_is_locked_when_its_time_is_over(with_pin: Pki, noon: SimulatedClock) -> None:
    from datetime import timedelta

    open_keys = OpenKeys(noon)
    key = with_pin.officer_keys.open(OFFICER, PIN)
    open_keys.put("mau", key, console="one", until=noon.now() + timedelta(minutes=20))
    open_keys.prolong("mau", console="another", until=noon.now() + timedelta(hours=9))
    noon.advance(20 * 60)
    assert open_keys.of("mau") is None
    with pytest.raises(KeyLocked):
        key.sign(b"")
