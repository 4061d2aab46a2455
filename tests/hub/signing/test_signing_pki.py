"""The embedded PKI: whole or absent, private, plainly a specimen, and revocation that others believe."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from signing_doubles import AGENCY, OFFICER, TITLE, VERIFY_URL, run

from contract.clock import SimulatedClock
from hub.signing import trust as publishing
from hub.signing.faults import PkiDamaged, PkiOfAnotherAgency, UnknownCertifier, UnknownKiosk, UnknownSerial
from hub.signing.pki import Officer, Pki, ensure
from hub.signing.roles import Role
from hub.verify import trust
from hub.verify.trust import Annulment


class StoppingClock(SimulatedClock):
    """A clock at whose n-th reading the power fails."""

    def __init__(self, clock: SimulatedClock, readings: int) -> None:
        super().__init__(clock.now())
        self._left = readings

    def now(self):
        self._left -= 1
        if self._left < 0:
            raise InterruptedError("power cut")
        return super().now()


def _serial(path: Path) -> int:
    return x509.load_pem_x509_certificate(path.read_bytes()).serial_number


def _contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.suffix in (".pem", ".p12")}


def test_second_start_keeps_every_key(own_pki: Pki, tmp_path: Path, noon: SimulatedClock) -> None:
    before = _contents(tmp_path)
    noon.advance(3600)
    ensure(tmp_path / "pki", noon, agency=AGENCY, certifiers=[Officer(name=OFFICER, title=TITLE)])
    after = _contents(tmp_path)
    assert {path for path in before if before[path] != after.get(path)} == {str(own_pki.broker.crl_path)}
    assert before.keys() == after.keys()


@pytest.mark.parametrize("readings", range(3))
def test_power_cut_while_founding_leaves_nothing_and_next_start_succeeds(
    tmp_path: Path, noon: SimulatedClock, readings: int
) -> None:
    folder = tmp_path / "pki"
    with pytest.raises(InterruptedError):
        ensure(folder, StoppingClock(noon, readings), agency=AGENCY, certifiers=[Officer(name=OFFICER, title=TITLE)])
    assert not folder.exists() or Pki(folder, noon).agency == AGENCY
    ensure(folder, noon, agency=AGENCY, certifiers=[Officer(name=OFFICER, title=TITLE)])
    assert Pki(folder, noon).certifier(OFFICER).key
    assert not list(tmp_path.glob(".pki.making-*"))


def test_only_the_owner_may_read_any_file(own_pki: Pki, tmp_path: Path) -> None:
    own_pki.issue_kiosk("kiosk-01")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "pki").rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "pki").stat().st_mode) == 0o700


def test_every_certificate_of_people_says_it_is_a_specimen(own_pki: Pki) -> None:
    own_pki.enrol(Officer(name="Nguyễn " + "Thị " * 20 + "Dài", title="Chủ tịch"))
    for credential in (own_pki.agency_credential, own_pki.tsa, own_pki.seal, own_pki.certifier(OFFICER)):
        for attribute in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
            values = credential.certificate.subject.get_attributes_for_oid(attribute)
            assert values[0].value.endswith("(MẪU/TEST)")


@pytest.mark.parametrize(("name", "purpose"), [("tsa", "timestampsign"), ("seal", "any"), ("ocsp", "ocsphelper")])
def test_openssl_builds_the_chain_for_the_purpose(keys: Path, name: str, purpose: str) -> None:
    people = keys / "people"
    said = run(
        "openssl", "verify", "-no_check_time", "-purpose", purpose,
        "-CAfile", people / "root.pem", "-untrusted", people / "issuing.pem", people / f"{name}.pem",
    )  # fmt: skip
    assert said.returncode == 0, said.stderr


def test_openssl_opens_the_officers_key_file_with_the_kept_passphrase(keys: Path) -> None:
    passphrases = json.loads((keys / "secrets.json").read_bytes())
    file = next(name for name in passphrases if name.startswith("officer-"))
    said = run(
        "openssl", "pkcs12", "-in", keys / "people" / f"{file}.p12", "-noenc",
        "-passin", f"pass:{passphrases[file]}",
    )  # fmt: skip
    assert (said.stdout.count("BEGIN CERTIFICATE"), said.stdout.count("BEGIN PRIVATE KEY")) == (2, 1)


def test_keys_of_another_agency_are_not_used(own_pki: Pki, tmp_path: Path, noon: SimulatedClock) -> None:
    with pytest.raises(PkiOfAnotherAgency, match="are those of"):
        ensure(tmp_path / "pki", noon, agency="Ủy ban nhân dân phường Khác", certifiers=[])


def test_lost_passphrases_are_named_with_the_remedy(own_pki: Pki, tmp_path: Path, noon: SimulatedClock) -> None:
    (tmp_path / "pki" / "secrets.json").write_bytes(b"{}")
    with pytest.raises(PkiDamaged, match=r"agency\.p12.*backup"):
        Pki(tmp_path / "pki", noon)


def test_officer_added_later_gets_a_certificate_and_others_keep_theirs(
    own_pki: Pki, tmp_path: Path, noon: SimulatedClock
) -> None:
    newcomer = Officer(name="Lê Văn Mẫu", title="Chủ tịch")
    with pytest.raises(UnknownCertifier, match="roster"):
        own_pki.certifier(newcomer.name)
    again = ensure(tmp_path / "pki", noon, agency=AGENCY, certifiers=[newcomer])
    assert again.certifier(newcomer.name).certificate != again.certifier(OFFICER).certificate
    assert again.certifier(OFFICER).certificate == own_pki.certifier(OFFICER).certificate


@pytest.mark.parametrize("name", ["hub", "../server", "Kiosk", "", "a/b", "k" * 64])
def test_name_that_no_kiosk_may_have_gets_no_certificate(own_pki: Pki, name: str) -> None:
    with pytest.raises(UnknownKiosk):
        own_pki.issue_kiosk(name)


def test_revoked_kiosk_is_refused_by_openssl_and_its_neighbour_is_not(own_pki: Pki) -> None:
    lost, kept = own_pki.issue_kiosk("kiosk-01"), own_pki.issue_kiosk("kiosk-02")
    own_pki.revoke(_serial(lost.certificate))
    command = ("openssl", "verify", "-no_check_time", "-crl_check", "-CAfile", lost.authority)
    crl = ("-CRLfile", own_pki.broker.crl_path)
    assert "certificate revoked" in run(*command, *crl, lost.certificate).stderr
    assert run(*command, *crl, kept.certificate).returncode == 0


def test_kiosk_enrolled_again_after_revocation_gets_a_new_key(own_pki: Pki) -> None:
    first = _serial(own_pki.issue_kiosk("kiosk-01").certificate)
    assert _serial(own_pki.issue_kiosk("kiosk-01").certificate) == first
    own_pki.revoke(first)
    assert _serial(own_pki.issue_kiosk("kiosk-01").certificate) != first


def test_half_written_kiosk_certificate_is_issued_again(own_pki: Pki) -> None:
    files = own_pki.issue_kiosk("kiosk-01")
    files.certificate.write_bytes(own_pki.issue_kiosk("kiosk-02").certificate.read_bytes())
    again = own_pki.issue_kiosk("kiosk-01")
    key = run("openssl", "pkey", "-in", again.key, "-pubout").stdout
    assert key == run("openssl", "x509", "-in", again.certificate, "-pubkey", "-noout").stdout


def test_serial_number_from_elsewhere_can_not_be_revoked(own_pki: Pki) -> None:
    with pytest.raises(UnknownSerial, match="4D2"):
        own_pki.revoke(1234)


def test_openssl_reads_good_then_revoked_from_the_ocsp_responder(own_pki: Pki, tmp_path: Path) -> None:
    people = tmp_path / "pki" / "people"
    subject = own_pki.tsa.certificate

    def answer() -> str:
        (tmp_path / "answer.der").write_bytes(own_pki.evidence.ocsp(subject))
        said = run(
            "openssl", "ocsp", "-respin", tmp_path / "answer.der", "-issuer", people / "issuing.pem", "-cert",
            people / "tsa.pem", "-CAfile", people / "root.pem", "-no_nonce", "-no_check_time",
                "-validity_period", "999999999",
        )  # fmt: skip
        return said.stdout + said.stderr

    assert "Response verify OK" in answer()
    assert "tsa.pem: good" in answer()
    own_pki.revoke(subject.serial_number)
    assert "tsa.pem: revoked" in answer()


def test_revocation_survives_a_restart(own_pki: Pki, tmp_path: Path, noon: SimulatedClock) -> None:
    subject = own_pki.certifier(OFFICER).certificate
    own_pki.revoke(subject.serial_number)
    assert Pki(tmp_path / "pki", noon).is_revoked(subject)


def test_evidence_is_used_again_for_ten_minutes_and_not_longer(own_pki: Pki, noon: SimulatedClock) -> None:
    subject = own_pki.tsa.certificate
    first = own_pki.evidence.ocsp(subject)
    noon.advance(timedelta(minutes=9, seconds=59).total_seconds())
    assert own_pki.evidence.ocsp(subject) == first
    noon.advance(1)
    assert own_pki.evidence.ocsp(subject) != first


def test_clock_set_back_makes_new_evidence(own_pki: Pki, noon: SimulatedClock) -> None:
    first = own_pki.evidence.root_crl()
    noon.advance(-60)
    assert own_pki.evidence.root_crl() != first


def test_trust_statement_is_what_the_verifier_reads(own_pki: Pki, tmp_path: Path, noon: SimulatedClock) -> None:
    annulled = Annulment(copy_id="01KAQX5V8S3T9QZ4H7N2W6R0DB", decision_no="3/QĐ", at=noon.now(), reason="nhầm trang")
    stated = publishing.statement(own_pki, noon.now(), verify_base_url=VERIFY_URL, annulled=[annulled])
    publishing.write(tmp_path / "trust.json", msgspec.json.encode(stated))
    read = trust.parse((tmp_path / "trust.json").read_bytes())
    assert read.seal_key("VNTR", f"{own_pki.seal.certificate.serial_number:X}") == own_pki.seal.key.public_key()
    assert read.annulment_of(annulled.copy_id).decision_no == "3/QĐ"
    assert (read.agency, read.verify_base_url, read.issued_at) == (AGENCY, VERIFY_URL, noon.now())


def _broker_names(pki: Pki) -> list[str]:
    certificate = x509.load_pem_x509_certificate(pki.broker.server.certificate.read_bytes())
    return [
        str(name.value) for name in certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    ]


def test_broker_is_certified_for_the_name_that_kiosks_know_and_keeps_it(own_pki: Pki, noon: SimulatedClock) -> None:
    own_pki.broker.keep_current("tram.mau.vn")
    assert _broker_names(own_pki) == ["localhost", "127.0.0.1", "tram.mau.vn"]
    before = own_pki.broker.server.certificate.read_bytes()
    own_pki.broker.keep_current("tram.mau.vn")
    assert own_pki.broker.server.certificate.read_bytes() == before
    own_pki.replace(Role.BROKER)
    assert own_pki.broker.server.certificate.read_bytes() != before
    assert _broker_names(own_pki) == ["localhost", "127.0.0.1", "tram.mau.vn"]
    own_pki.broker.keep_current("127.0.0.1")
    assert _broker_names(own_pki) == ["localhost", "127.0.0.1"]


def test_broker_and_hub_are_certified_anew_before_their_certificates_end(own_pki: Pki, noon: SimulatedClock) -> None:
    serials = [_serial(own_pki.broker.server.certificate), _serial(own_pki.broker.hub.certificate)]
    ends = x509.load_pem_x509_certificate(own_pki.broker.hub.certificate.read_bytes()).not_valid_after_utc
    noon.advance((ends - timedelta(days=31) - noon.now()).total_seconds())
    own_pki.broker.keep_current("")
    assert [_serial(own_pki.broker.server.certificate), _serial(own_pki.broker.hub.certificate)] == serials
    noon.advance(timedelta(days=2).total_seconds())
    own_pki.broker.keep_current("")
    renewed = [_serial(own_pki.broker.server.certificate), _serial(own_pki.broker.hub.certificate)]
    assert not set(renewed) & set(serials)
    own_pki.revoke(serials[1])  # the old one can still be shut out
