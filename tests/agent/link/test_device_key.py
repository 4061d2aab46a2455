"""The kiosk's key: sealed under a TPM where there is one, and worth nothing on another machine."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization

from agent.link import sealing
from agent.link.device_key import DeviceKey
from agent.link.faults import BadCredentials, KeyOfAnotherMachine, TpmSilent
from provisioning.onebox.tpm import TpmStandIn


@pytest.fixture(scope="module")
def tpm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TpmStandIn]:
    made = TpmStandIn(tmp_path_factory.mktemp("tpm"))
    made.start()
    yield made
    made.stop()


def test_a_key_without_a_tpm_is_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    made = DeviceKey.make(tmp_path / "identity" / "device.key")
    assert not made.sealed and (tmp_path / "identity" / "device.key").stat().st_mode & 0o777 == 0o600
    assert DeviceKey.open(tmp_path / "identity" / "device.key").sha256 == made.sha256


def test_the_request_names_the_kiosk_and_proves_the_key(tmp_path: Path) -> None:
    request = x509.load_der_x509_csr(DeviceKey.make(tmp_path / "k").request("kiosk-01"))
    assert request.is_signature_valid and request.subject.rfc4514_string() == "CN=kiosk-01"


def test_a_file_that_holds_no_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "k").write_text("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    with pytest.raises(BadCredentials, match="can't be used"):
        DeviceKey.open(tmp_path / "k")


def test_a_sealed_key_opens_under_its_own_tpm_and_tells_its_secret_to_no_disk(tpm: TpmStandIn, tmp_path: Path) -> None:
    made = DeviceKey.make(tmp_path / "k", tpm.device)
    assert made.sealed and b"PRIVATE KEY" not in (tmp_path / "k").read_bytes()
    assert DeviceKey.open(tmp_path / "k", tpm.device).sha256 == made.sha256


def test_a_stolen_disk_is_worthless_under_another_tpm_and_says_what_to_do(tpm: TpmStandIn, tmp_path: Path) -> None:
    DeviceKey.make(tmp_path / "k", tpm.device)
    thief = TpmStandIn(tmp_path / "thief")
    thief.start()
    try:
        with pytest.raises(KeyOfAnotherMachine, match="TPM does not open the kiosk's key") as stolen:
            DeviceKey.open(tmp_path / "k", thief.device)
    finally:
        thief.stop()
    assert "revoke its kiosk at the hub's console" in stolen.value.remedy


def test_a_sealed_key_on_a_machine_without_a_tpm_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "k").write_bytes(b"DHzAexF2RZGcSwvqCLwg/iAAAAABAAAADAAAABAAAACO\n")
    monkeypatch.setattr(sealing, "TPM_NODE", tmp_path / "no-tpm")
    with pytest.raises(KeyOfAnotherMachine, match="has no TPM"):
        DeviceKey.open(tmp_path / "k")


def test_a_tpm_that_fails_is_not_said_to_be_another_machine(tmp_path: Path) -> None:
    (tmp_path / "k").write_bytes(b"DHzAexF2RZGcSwvqCLwg/iAAAAABAAAADAAAABAAAACO\n")
    with pytest.raises(TpmSilent, match="does not answer as it should"):
        DeviceKey.open(tmp_path / "k", "swtpm:host=127.0.0.1,port=1")


def test_tls_takes_the_key_from_memory(tpm: TpmStandIn, tmp_path: Path) -> None:
    key = DeviceKey.make(tmp_path / "k", tpm.device)
    other = DeviceKey.make(tmp_path / "other")
    (tmp_path / "c.pem").write_bytes(_self_signed(key))
    key.load_into(ssl.create_default_context(), tmp_path / "c.pem")
    with pytest.raises(ssl.SSLError):
        other.load_into(ssl.create_default_context(), tmp_path / "c.pem")


def _self_signed(key: DeviceKey) -> bytes:
    name, now = x509.Name([]), datetime(2026, 11, 23, tzinfo=UTC)
    builder = x509.CertificateBuilder(name, name, key.private.public_key(), x509.random_serial_number())
    dated = builder.not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return dated.sign(key.private, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
