"""EST as its standard says it, judged by curl and openssl; and each refusal with its sentence."""

import asyncio
import base64
import subprocess
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID
from enrolment_doubles import Town, served, town, with_enrolment
from hub_doubles import opened

from agent.link import est
from agent.link.device_key import DeviceKey
from agent.link.faults import HubRefused, HubUnreachable, NotTheHub
from agent.link.mqtt import Credentials
from contract.enrolment import Ticket
from contract.messages import LegalMode
from hub.config import HubConfig
from hub.enrolment.devices import Request
from hub.enrolment.faults import CodeWrong, RequestWrong, ShutOut
from hub.store.tables import DeviceCertificate, Kiosk

KIOSK = "tram-01"


async def enrolled(place: Town, folder: Path, ticket: Ticket | None = None) -> Credentials:
    folder.mkdir(exist_ok=True)
    key, ticket = DeviceKey.make(folder / "device.key"), ticket or place.ticket()
    ca = await est.authority(ticket)
    got = await est.enrolled(ticket, key, ca)
    (folder / "device.pem").write_bytes(got.public_bytes(serialization.Encoding.PEM))
    (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    return Credentials(ca=folder / "ca.pem", certificate=folder / "device.pem", key=key)


async def test_curl_and_openssl_get_a_certificate_by_the_standard(place: Town, tmp_path: Path) -> None:
    ticket = place.ticket()
    script = f"""
set -e
curl -sSk https://{ticket.hub}/.well-known/est/cacerts | base64 -d | openssl pkcs7 -inform DER -print_certs -out ca.pem
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -subj /CN={KIOSK} -outform DER \
  -out r.der
base64 r.der > r.b64
curl -sS --cacert ca.pem -u {KIOSK}:{ticket.code} -H 'Content-Type: application/pkcs10' --data-binary @r.b64 \
  -D headers https://{ticket.hub}/.well-known/est/simpleenroll | base64 -d | \
  openssl pkcs7 -inform DER -print_certs -out c.pem
openssl verify -CAfile ca.pem -purpose sslclient c.pem
curl -sS --cacert ca.pem --cert c.pem --key k.pem -H 'Content-Type: application/pkcs10' --data-binary @r.b64 \
  https://{ticket.hub}/.well-known/est/simplereenroll | base64 -d | openssl pkcs7 -inform DER -print_certs -out n.pem
openssl verify -CAfile ca.pem n.pem
openssl x509 -in n.pem -noout -subject
"""
    async with served(place):
        ran = await asyncio.to_thread(
            subprocess.run, ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True
        )
    assert ran.returncode == 0, ran.stderr
    assert "c.pem: OK" in ran.stdout and "n.pem: OK" in ran.stdout and f"CN = {KIOSK}" in ran.stdout
    assert "application/pkcs7-mime; smime-type=certs-only" in (tmp_path / "headers").read_text()


async def test_a_kiosk_enrols_learns_its_place_renews_and_takes_its_leave(fresh: Town, tmp_path: Path) -> None:
    async with served(fresh) as address:
        mine = await enrolled(fresh, tmp_path / "id")
        said = await est.placement(address, mine)
        assert (said.kiosk, said.legal_mode, said.legal_decision) == (KIOSK, LegalMode.PILOT_REMOTE, "QĐ 1/QĐ-UBND")
        assert (said.agency, said.broker, said.public_url) == (
            "UBND phường Mẫu", "localhost:8883", "https://tram.example.vn",
        )  # fmt: skip
        newer = await est.renewed(address, KIOSK, mine)
        assert newer.serial_number != x509.load_pem_x509_certificate(mine.certificate.read_bytes()).serial_number
        await est.retire(address, mine)
        with pytest.raises(HubRefused, match="revoked"):
            await est.renewed(address, KIOSK, mine)
    with fresh.hub.database.reading() as session:
        assert session.get_one(Kiosk, KIOSK).revoked_at is not None
        known = session.get_one(DeviceCertificate, f"{newer.serial_number:X}")
    assert known.kiosk == KIOSK and known.revoked_at is not None  # what it signs is no voucher any more
    crl = x509.load_pem_x509_crl(fresh.pki.broker.crl_path.read_bytes())
    assert crl.get_revoked_certificate_by_serial_number(newer.serial_number) is not None


async def test_a_hub_with_another_fingerprint_is_told_nothing(place: Town) -> None:
    ticket = place.ticket()
    false = Ticket(hub=ticket.hub, kiosk=KIOSK, code=ticket.code, ca_sha256="0" * 64)
    async with served(place):
        with pytest.raises(NotTheHub, match="not the hub that made the ticket"):
            await est.authority(false)


async def test_a_hub_that_is_not_there_is_said_to_be_not_there(place: Town) -> None:
    with pytest.raises(HubUnreachable, match="does not answer"):
        await est.authority(place.ticket())


async def test_a_renewal_is_for_oneself(place: Town, tmp_path: Path) -> None:
    async with served(place) as address:
        mine = await enrolled(place, tmp_path / "id")
        with pytest.raises(HubRefused, match="tram-01 asked for a certificate of tram-02"):
            await est.renewed(address, "tram-02", mine)


async def test_who_enrols_anew_shuts_the_old_key_out(place: Town, tmp_path: Path) -> None:
    async with served(place) as address:
        old = await enrolled(place, tmp_path / "old")
        await enrolled(place, tmp_path / "new")
        with pytest.raises(HubRefused, match="This certificate is revoked"):
            await est.renewed(address, KIOSK, old)


def request(kiosk: str = KIOSK, folder: Path | None = None) -> Request:
    made = DeviceKey.make((folder or Path(tempfile.mkdtemp())) / "k")
    return Request.read(made.request(kiosk))


def test_a_code_is_good_once_and_again_only_for_the_key_whose_answer_was_lost(place: Town) -> None:
    code, mine, other = place.ticket().code, request(), request()
    first, again = place.devices.enrol(mine, code), place.devices.enrol(mine, code.lower().replace("-", " "))
    assert first.public_key() == again.public_key()
    with pytest.raises(CodeWrong, match="used already, by another key"):
        place.devices.enrol(other, code)


def test_a_code_of_another_kiosk_opens_nothing(place: Town) -> None:
    with pytest.raises(CodeWrong, match="none of tram-02"):
        place.devices.enrol(request("tram-02"), place.ticket(KIOSK).code)


def test_a_newer_code_makes_the_one_before_void(place: Town) -> None:
    earlier = place.ticket().code
    place.ticket()
    with pytest.raises(CodeWrong, match="too old, or a newer one"):
        place.devices.enrol(request(), earlier)


def test_a_code_runs_out(config: HubConfig, clock: object) -> None:
    hub = opened(with_enrolment(config), clock)  # type: ignore[arg-type]
    here = town(hub)
    code = here.ticket().code
    clock.advance(timedelta(hours=24).total_seconds())  # type: ignore[attr-defined]
    with pytest.raises(CodeWrong, match="too old"):
        here.devices.enrol(request(), code)
    hub.database.close()


def test_the_code_itself_is_kept_nowhere(fresh: Town) -> None:
    code = fresh.ticket().code
    fresh.hub.database.close()
    files = (path for path in fresh.hub.config.data_dir.rglob("*") if path.is_file())
    assert not any(code.encode() in path.read_bytes() for path in files)


@pytest.mark.parametrize(
    ("der", "why"),
    [
        (b"no request", "no PKCS#10"),
        (base64.b64decode("MAA="), "no PKCS#10"),
    ],
)
def test_what_is_no_request_is_refused(der: bytes, why: str) -> None:
    with pytest.raises(RequestWrong, match=why):
        Request.read(der)


@pytest.mark.parametrize("name", ["hub", "Kiosk 1"])
def test_nobody_becomes_the_hub_or_a_name_that_no_kiosk_can_have(name: str, tmp_path: Path) -> None:
    with pytest.raises(RequestWrong, match="names no kiosk"):
        request(name, tmp_path)


def test_a_revoked_kiosk_gets_no_certificate_with_any_code(fresh: Town) -> None:
    code = fresh.ticket().code
    fresh.devices.revoke(KIOSK, "may")
    with pytest.raises(ShutOut, match="revoked for good"):
        fresh.devices.enrol(request(), code)


def test_the_subject_is_the_hubs_whatever_was_asked_for(place: Town, tmp_path: Path) -> None:
    issued = place.devices.enrol(request(), place.ticket().code)
    assert issued.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == KIOSK
    assert (issued.not_valid_after_utc - place.hub.clock.now()).days in (119, 120)


def test_the_server_keeps_its_certificate_until_its_name_changes(place: Town) -> None:
    first = place.pki.broker.enrolment_server("hub.example.vn").certificate.read_bytes()
    assert place.pki.broker.enrolment_server("hub.example.vn").certificate.read_bytes() == first
    other = x509.load_pem_x509_certificate(place.pki.broker.enrolment_server("10.0.0.7").certificate.read_bytes())
    names = other.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert [str(each) for each in names.get_values_for_type(x509.IPAddress)] == ["10.0.0.7"]
