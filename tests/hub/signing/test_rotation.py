"""Keys replaced while the hub runs: papers that wait are signed, old copies stay valid, a lost key signs no more."""

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from cryptography import x509
from signing_doubles import AGENCY, OFFICER, TITLE, VERIFY_URL, attestation, draft, run

from contract import seal, vds
from contract.clock import SimulatedClock
from hub.signing import rotation, services
from hub.signing import trust as publishing
from hub.signing.certify import Certifier
from hub.signing.credentials import read_pem, replace_pem
from hub.signing.faults import CertificateRevoked, UnknownCertificate
from hub.signing.pkcs12_keys import Pkcs12Session
from hub.signing.pki import Officer, Pki, ensure
from hub.signing.roles import Role
from hub.signing.signers import PinState
from hub.verify import trust
from provisioning.tram import tram

FOLDER = "pki"


@pytest.fixture
def running(own_pki: Pki, noon: SimulatedClock) -> Certifier:
    """The certifier of a hub that goes on while another process replaces keys."""
    return Certifier(own_pki, noon, services.embedded(own_pki, noon))


def _open(pki: Pki) -> Pkcs12Session:
    key = pki.certifier(OFFICER)
    return Pkcs12Session(credential=key, certificate=key.certificate)


@pytest.mark.parametrize("role", [Role.AGENCY, Role.SEAL, Role.TSA, Role.OCSP, Role.BUNDLE])
def test_running_hub_signs_on_with_the_new_key(
    own_pki: Pki, running: Certifier, tmp_path: Path, noon: SimulatedClock, role: Role
) -> None:
    session = _open(own_pki)
    running.certify(draft(), attestation(), session)
    new = rotation.rotate(tmp_path / FOLDER, noon, role)
    assert own_pki.refresh() and not own_pki.refresh()
    assert own_pki.certificate(role) == new
    signed = running.certify(draft(), attestation(), session)
    assert signed.level == "PAdES B-LTA"
    if role is Role.AGENCY:
        assert signed.agency_certificate == new


def test_officers_old_key_signs_what_waits_and_the_new_one_after_its_pin(
    own_pki: Pki, running: Certifier, tmp_path: Path, noon: SimulatedClock
) -> None:
    waiting = _open(own_pki)
    own_pki.officer_keys.choose_pin(OFFICER, "482913")
    new = rotation.rotate(tmp_path / FOLDER, noon, Role.CERTIFIER, OFFICER)
    own_pki.refresh()
    assert running.certify(draft(), attestation(), waiting).certifier_certificate == waiting.certificate != new
    assert own_pki.officer_keys.pin_state(OFFICER) is PinState.NOT_CHOSEN
    own_pki.officer_keys.choose_pin(OFFICER, "730518")
    opened = own_pki.officer_keys.open(OFFICER, "730518")
    assert running.certify(draft(), attestation(), opened).certifier_certificate == new


def test_lost_key_signs_no_more_in_a_running_hub(
    own_pki: Pki, running: Certifier, tmp_path: Path, noon: SimulatedClock
) -> None:
    lost = _open(own_pki)
    rotation.rotate(tmp_path / FOLDER, noon, Role.CERTIFIER, OFFICER, revoke_old=True)
    own_pki.refresh()
    with pytest.raises(CertificateRevoked, match=OFFICER):
        running.certify(draft(), attestation(), lost)


def test_seal_printed_before_is_still_believed_by_the_published_statement(
    own_pki: Pki, running: Certifier, tmp_path: Path, noon: SimulatedClock
) -> None:
    url = running.certify(draft(), attestation(), _open(own_pki)).verify_url
    before = own_pki.seal.certificate
    rotation.rotate(tmp_path / FOLDER, noon, Role.SEAL)
    own_pki.refresh()
    stated = publishing.statement(own_pki, noon.now(), verify_base_url=VERIFY_URL, earlier_seals=[before])
    read = trust.parse(msgspec.json.encode(stated))
    _, outer = seal.decode(seal.from_qr_text(url))
    key = read.seal_key(outer.header.signer_id, outer.header.cert_ref)
    assert key is not None and key != own_pki.seal.key.public_key()
    vds.verify(outer, key)


def test_power_cut_between_key_and_certificate_leaves_a_pair(own_pki: Pki, tmp_path: Path) -> None:
    people = tmp_path / FOLDER / "people"
    replace_pem(own_pki.bundle_signer, people / "tsa")
    (people / "tsa.pem").rename(people / ".tsa-next.pem")  # as it lay one moment before the last step
    (people / "tsa.pem").write_bytes((people / "seal.pem").read_bytes())
    assert read_pem(people / "tsa").certificate == own_pki.bundle_signer.certificate


@pytest.mark.parametrize(("role", "whose"), [(Role.BROKER, ""), (Role.HUB, ""), (Role.KIOSK, "kiosk-01")])
def test_new_certificate_at_the_broker_is_from_its_authority(
    own_pki: Pki, tmp_path: Path, noon: SimulatedClock, role: Role, whose: str
) -> None:
    own_pki.issue_kiosk("kiosk-01")
    before = own_pki.certificate(role, whose)
    assert rotation.rotate(tmp_path / FOLDER, noon, role, whose) != before
    files = own_pki.broker.kiosk(whose) if whose else getattr(own_pki.broker, {"broker": "server"}.get(role, role))
    said = run("openssl", "verify", "-no_check_time", "-CAfile", files.authority, files.certificate)
    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize(("role", "whose"), [(Role.BROKER, ""), (Role.HUB, ""), (Role.KIOSK, "kiosk-01")])
def test_stolen_key_is_on_the_list_that_the_broker_reads(
    own_pki: Pki, tmp_path: Path, noon: SimulatedClock, role: Role, whose: str
) -> None:
    own_pki.issue_kiosk("kiosk-01")
    stolen = own_pki.certificate(role, whose)
    new = rotation.rotate(tmp_path / FOLDER, noon, role, whose, revoke_old=True)
    own_pki.refresh()
    listed = x509.load_pem_x509_crl(own_pki.broker.crl_path.read_bytes())
    assert [each.serial_number for each in listed] == [stolen.serial_number]
    assert list(own_pki.revoked_machines()) == [f"{stolen.serial_number:X}"]
    assert new.serial_number in own_pki.broker.serials() and not own_pki.is_revoked(stolen)


def test_what_there_is_not_is_not_replaced(own_pki: Pki, tmp_path: Path, noon: SimulatedClock) -> None:
    with pytest.raises(UnknownCertificate, match="tram keys list"):
        rotation.rotate(tmp_path / FOLDER, noon, Role.CERTIFIER, "Ai Đó")
    with pytest.raises(UnknownCertificate, match="not replaced here"):
        rotation.rotate(tmp_path / FOLDER, noon, Role.ROOT)


def test_command_lists_what_ends_first_and_replaces(tmp_path: Path, noon: SimulatedClock) -> None:
    data = tmp_path / "data"
    ensure(data / "pki", noon, agency=AGENCY, certifiers=[Officer(name=OFFICER, title=TITLE)])
    file = tmp_path / "hub.toml"
    file.write_text(
        f'data_dir = "{data}"\nverify_base_url = "{VERIFY_URL}"\n'
        f'[agency]\nname = "{AGENCY}"\ncode = "H26.1.23"\nplace = "Hà Nội"\nprovince = "Hà Nội"\n'
        '[mqtt]\nhost = "localhost"\nport = 1\nca = "a"\ncert = "b"\nkey = "c"\n'
    )
    before = Pki(data / "pki", noon).seal.certificate
    listed = CliRunner().invoke(tram, ["keys", "list", "--config", str(file)])
    assert listed.exit_code == 0 and listed.output.splitlines()[-1].split()[3] in ("root", "broker-root")
    done = CliRunner().invoke(tram, ["keys", "rotate", "seal", "--config", str(file)])
    assert done.exit_code == 0, done.output
    assert Pki(data / "pki", noon).seal.certificate != before
    wrong = CliRunner().invoke(tram, ["keys", "rotate", "certifier", "Ai Đó", "--config", str(file)])
    assert wrong.exit_code == 2
