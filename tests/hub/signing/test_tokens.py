"""Officers' keys on real PKCS#11 tokens (SoftHSM 2): who opens them, what they sign, and every way they can fail."""

import asyncio
import io
import multiprocessing
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
import softhsm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESPassed
from pyhanko.sign.validation.ades import ades_lta_validation
from signing_doubles import AGENCY, OFFICER, TITLE, attestation, draft, specification

from contract.clock import Clock, SimulatedClock, SystemClock
from hub import config as hub_config
from hub.app import open_pki
from hub.config import AgencyConfig, HubConfig, MqttConfig
from hub.faults import ConfigInvalid, PinBlocked, PinUnfit, PinWrong, TokenUnready
from hub.roster import OfficerConfig, Role
from hub.signing import officer_keys, services
from hub.signing.certify import Certifier
from hub.signing.faults import CertificateRevoked, KeyLocked, TokenGone, TokenSlow, UnknownCertifier
from hub.signing.pin_tries import BLOCKED_FOR
from hub.signing.pki import Pki
from hub.signing.settings import SigningConfig, TokenConfig
from hub.signing.signers import OfficerKeys, OpenKeys, PinState
from hub.signing.source_board import SourceBoard

PIN, COLLEAGUES_PIN = "482913", "730518"
COLLEAGUE = "Lê Văn Mẫu"
PINS = {OFFICER: PIN, COLLEAGUE: COLLEAGUES_PIN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A hub with two certifiers and their tokens."""

    config: HubConfig
    conf: Path
    folders: dict[str, Path]

    def keys(self, clock: Clock, *, deadline_s: float = 20.0) -> tuple[Pki, OfficerKeys]:
        assert self.config.signing
        signing = msgspec.structs.replace(self.config.signing, deadline_s=deadline_s)
        config = msgspec.structs.replace(self.config, signing=signing)
        pki = open_pki(config, clock)
        return pki, officer_keys.of(config, pki, clock, SourceBoard(clock))


def _officer(login: str, name: str) -> OfficerConfig:
    return OfficerConfig(
        login=login,
        password_hash="$argon2id$",
        name=name,
        title=TITLE,
        role=Role.CERTIFIER,
        authority_document="QĐ 12/QĐ-UBND",
        valid_from=date(2026, 1, 1),
    )


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Two tokens with a key each, and the configuration that names them."""
    conf = softhsm.empty(tmp_path / "hsm")
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    folders = {}
    for name, pin in PINS.items():
        folders[name] = softhsm.add_token(conf, name, pin)
        softhsm.add_key(conf, name, pin)
    tokens = (TokenConfig(officer="mau", token=OFFICER), TokenConfig(officer="le", token=COLLEAGUE))
    config = HubConfig(
        data_dir=tmp_path / "hub",
        verify_base_url="https://tram.example.vn/V",
        agency=AgencyConfig(name=AGENCY, code="H26.1.23", place="Hà Nội", province="Hà Nội"),
        mqtt=MqttConfig(host="127.0.0.1", port=1, ca=Path("a"), cert=Path("b"), key=Path("c")),
        signing=SigningConfig(module=softhsm.MODULE, tokens=tokens),
        officers=(_officer("mau", OFFICER), _officer("le", COLLEAGUE)),
    )
    yield Desk(config=config, conf=conf, folders=folders)
    for worker in multiprocessing.active_children():
        worker.kill()


def _worker() -> int:
    (worker,) = multiprocessing.active_children()
    assert worker.pid
    return worker.pid


def test_copy_signed_on_the_token_passes_pyhanko_as_lta(desk: Desk) -> None:
    clock = SystemClock()
    pki, keys = desk.keys(clock)
    with pytest.raises(Exception, match="can't be opened"):
        pki.certifier(OFFICER)  # no file holds the key
    key = keys.open(OFFICER, PIN)
    signed = Certifier(pki, clock, services.embedded(pki, clock)).certify(
        draft(), attestation(issued_at=clock.now()), key
    )
    assert signed.level == "PAdES B-LTA"
    for embedded in PdfFileReader(io.BytesIO(draft() + signed.tail)).embedded_regular_signatures:
        result = asyncio.run(ades_lta_validation(embedded, specification(pki)))
        assert result.ades_subindic == AdESPassed.OK
    key.close()
    with pytest.raises(KeyLocked):
        key.sign(b"")
    assert not multiprocessing.active_children()


def test_two_officers_sign_at_once_each_with_his_own_token(desk: Desk, noon: SimulatedClock) -> None:
    pki, keys = desk.keys(noon)
    opened = {name: keys.open(name, pin) for name, pin in PINS.items()}
    together = threading.Barrier(8)

    def sign(number: int) -> None:
        name = (OFFICER, COLLEAGUE)[number % 2]
        together.wait(30)
        for turn in range(25):
            message = f"{number}.{turn}".encode()
            public = pki.certificate_of(name).public_key()
            assert isinstance(public, ec.EllipticCurvePublicKey)
            public.verify(opened[name].sign(message), message, ec.ECDSA(hashes.SHA256()))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(sign, range(8)))
    assert len(multiprocessing.active_children()) == 2


def test_third_wrong_pin_lets_the_token_rest_also_across_a_restart(desk: Desk, noon: SimulatedClock) -> None:
    _, keys = desk.keys(noon)
    for wrong in ("111222", "", "482914"):
        with pytest.raises(PinWrong):
            keys.open(OFFICER, wrong)
    _, again = desk.keys(noon)
    with pytest.raises(PinBlocked):
        again.open(OFFICER, PIN)
    assert again.open(COLLEAGUE, COLLEAGUES_PIN).is_open
    noon.advance(BLOCKED_FOR.total_seconds())
    assert again.open(OFFICER, PIN).is_open


def test_pin_of_a_colleague_and_of_nobody_opens_nothing(desk: Desk, noon: SimulatedClock) -> None:
    _, keys = desk.keys(noon)
    with pytest.raises(PinWrong):
        keys.open(OFFICER, COLLEAGUES_PIN)
    with pytest.raises(PinWrong, match="no token"):
        keys.open("Trần Văn Thử", PIN)
    assert keys.pin_state("Trần Văn Thử") is PinState.NO_KEY
    with pytest.raises(PinUnfit, match="program that came with the token"):
        keys.choose_pin(OFFICER, "730519")


def test_wrong_pin_is_noticed_also_while_the_token_is_open(desk: Desk, noon: SimulatedClock) -> None:
    _, keys = desk.keys(noon)
    earlier = keys.open(OFFICER, PIN)
    with pytest.raises(PinWrong):
        keys.open(OFFICER, "111222")
    assert not earlier.is_open


def test_killed_worker_is_replaced_only_with_the_pin(desk: Desk, noon: SimulatedClock) -> None:
    pki, keys = desk.keys(noon)
    open_keys = OpenKeys(noon)
    key = keys.open(OFFICER, PIN)
    open_keys.put("mau", key, console="one", until=noon.now() + timedelta(hours=1))
    os.kill(_worker(), signal.SIGKILL)
    with pytest.raises(TokenGone, match="types his PIN again"):
        Certifier(pki, noon, services.embedded(pki, noon)).certify(draft(), attestation(), key)
    assert open_keys.until("mau") is None
    assert open_keys.of("mau") is None
    with pytest.raises(PinWrong):
        keys.open(OFFICER, "111222")
    assert (
        Certifier(pki, noon, services.embedded(pki, noon))
        .certify(draft(), attestation(), keys.open(OFFICER, PIN))
        .level
        == "PAdES B-LTA"
    )


def test_token_that_hangs_is_given_up_at_the_deadline(desk: Desk, noon: SimulatedClock) -> None:
    _, keys = desk.keys(noon, deadline_s=1.5)
    key = keys.open(OFFICER, PIN)
    os.kill(_worker(), signal.SIGSTOP)
    with pytest.raises(TokenSlow, match=r"1\.5 s"):
        key.sign(b"message")
    assert not key.is_open
    assert not multiprocessing.active_children()


def test_who_waits_behind_a_hanging_token_is_told_at_his_own_deadline(desk: Desk, noon: SimulatedClock) -> None:
    _, keys = desk.keys(noon, deadline_s=1.5)
    key = keys.open(OFFICER, PIN)
    os.kill(_worker(), signal.SIGSTOP)
    with ThreadPoolExecutor(3) as pool:
        faults = [each.exception(20) for each in [pool.submit(key.sign, b"message") for _ in range(3)]]
    assert all(isinstance(fault, (TokenSlow, KeyLocked)) for fault in faults)


def test_pulled_token_is_named_and_costs_no_try(desk: Desk, noon: SimulatedClock, tmp_path: Path) -> None:
    _, keys = desk.keys(noon)
    key = keys.open(OFFICER, PIN)
    shutil.move(desk.folders[OFFICER], tmp_path / "pulled")
    with pytest.raises(TokenGone):
        key.sign(b"message")
    for _ in range(4):
        with pytest.raises(TokenUnready, match="Plug the token in"):
            keys.open(OFFICER, PIN)
    shutil.move(tmp_path / "pulled", desk.folders[OFFICER])
    assert keys.open(OFFICER, PIN).is_open


def test_hub_starts_without_a_token_and_its_officer_stays_enrolled(desk: Desk, noon: SimulatedClock) -> None:
    known = desk.keys(noon)[0].certificate_of(OFFICER)
    for folder in desk.folders.values():
        shutil.rmtree(folder)
    assert desk.keys(noon)[0].certificate_of(OFFICER) == known


def test_officer_whose_token_was_never_seen_has_no_certificate(desk: Desk, noon: SimulatedClock) -> None:
    shutil.rmtree(desk.folders[OFFICER])
    pki, keys = desk.keys(noon)
    with pytest.raises(UnknownCertifier):
        keys.open(OFFICER, PIN)
    assert pki.certificate_of(COLLEAGUE)


def test_new_key_gets_a_new_certificate_and_the_old_one_is_revoked(desk: Desk, noon: SimulatedClock) -> None:
    files = msgspec.structs.replace(desk.config, signing=None)
    old = open_pki(files, noon).certifier(OFFICER)
    pki, keys = desk.keys(noon)
    assert pki.certificate_of(OFFICER) != old.certificate
    assert pki.is_revoked(old.certificate)
    assert keys.open(OFFICER, PIN).certificate == pki.certificate_of(OFFICER)


def test_key_that_is_not_the_certificates_is_refused_at_opening(desk: Desk, noon: SimulatedClock) -> None:
    _, keys = desk.keys(noon)
    shutil.rmtree(desk.folders[OFFICER])
    softhsm.add_token(desk.conf, OFFICER, PIN)
    softhsm.add_key(desk.conf, OFFICER, PIN)
    with pytest.raises(TokenUnready, match="not that of the officer's certificate"):
        keys.open(OFFICER, PIN)


def test_second_key_on_a_token_is_told_apart_by_its_label(desk: Desk, noon: SimulatedClock) -> None:
    softhsm.add_key(desk.conf, OFFICER, PIN, key="another")
    assert desk.config.signing
    tokens = [msgspec.structs.replace(each, key="sign") for each in desk.config.signing.tokens]
    named = msgspec.structs.replace(desk.config.signing, tokens=tuple(tokens))
    config = msgspec.structs.replace(desk.config, signing=named)
    _, ambiguous = desk.keys(noon)
    with pytest.raises(UnknownCertifier):
        ambiguous.open(OFFICER, PIN)
    assert officer_keys.of(config, open_pki(config, noon), noon, SourceBoard(noon)).open(OFFICER, PIN).is_open


def test_key_on_another_curve_is_not_enrolled(desk: Desk, noon: SimulatedClock) -> None:
    shutil.rmtree(desk.folders[OFFICER])
    softhsm.add_token(desk.conf, OFFICER, PIN)
    softhsm.add_key(desk.conf, OFFICER, PIN, curve="secp384r1")
    with pytest.raises(UnknownCertifier):
        desk.keys(noon)[0].certificate_of(OFFICER)


def test_revoked_certificate_of_a_token_signs_nothing(desk: Desk, noon: SimulatedClock) -> None:
    pki, keys = desk.keys(noon)
    pki.revoke(pki.certificate_of(OFFICER).serial_number)
    with pytest.raises(CertificateRevoked):
        Certifier(pki, noon, services.embedded(pki, noon)).certify(draft(), attestation(), keys.open(OFFICER, PIN))


@pytest.mark.parametrize(
    ("module", "tokens", "said"),
    [
        ("/nowhere.so", (("mau", "a"),), "driver"),
        (str(softhsm.MODULE), (("nobody", "a"),), "no certifier"),
        (str(softhsm.MODULE), (("mau", "a"), ("le", "a")), "token twice"),
        (str(softhsm.MODULE), (("mau", "a"), ("mau", "b")), "officer twice"),
    ],
)
def test_contradiction_of_the_section_ends_the_start(
    tmp_path: Path, module: str, tokens: tuple[tuple[str, str], ...], said: str
) -> None:
    person = (
        'password_hash = "$argon2id$"\ntitle = "a"\nrole = "certifier"\n'
        'authority_document = "b"\nvalid_from = 2026-01-01\n'
    )
    path = tmp_path / "hub.toml"
    path.write_text(
        'data_dir = "d"\nverify_base_url = "https://a.vn"\n'
        '[agency]\nname = "a"\ncode = "H26"\nplace = "b"\nprovince = "c"\n'
        '[mqtt]\nhost = "a"\nport = 1\nca = "a"\ncert = "a"\nkey = "a"\n'
        f'[signing]\nmodule = "{module}"\n'
        + "".join(f'[[signing.tokens]]\nofficer = "{who}"\ntoken = "{token}"\n' for who, token in tokens)
        + "".join(f'[[officers]]\nlogin = "{login}"\nname = "{login}"\n{person}' for login in ("mau", "le"))
    )
    with pytest.raises(ConfigInvalid, match=said):
        hub_config.load(path)
