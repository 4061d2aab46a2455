"""Signatures and timestamps byte for byte: OpenSSL verifies them, asn1crypto would write them the same."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asn1crypto import cms, core, tsp
from signing_doubles import NOON, OFFICER, run

from contract.clock import SimulatedClock
from hub.signing import der
from hub.signing.cades import DocumentSigner, TokenWriter
from hub.signing.pki import Pki

DOCUMENT = b"what is signed"
DIGEST = hashlib.sha256(DOCUMENT).digest()


@pytest.fixture
def pki(keys: Path, noon: SimulatedClock) -> Pki:
    return Pki(keys, noon)


@pytest.fixture
def tsa(pki: Pki, noon: SimulatedClock) -> TokenWriter:
    return TokenWriter(pki.tsa, noon)


@pytest.fixture
def chain(keys: Path) -> tuple[str | Path, ...]:
    people = keys / "people"
    return ("-CAfile", people / "root.pem", "-untrusted", people / "issuing.pem", "-no_check_time")


def test_openssl_verifies_the_timestamp(tsa: TokenWriter, chain: tuple[str | Path, ...], tmp_path: Path) -> None:
    (tmp_path / "token.der").write_bytes(tsa.token(DIGEST))
    said = run("openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "token.der", "-digest", DIGEST.hex(), *chain)
    assert "Verification: OK" in said.stdout, said.stderr
    other = run("openssl", "ts", "-verify", "-token_in", "-in", tmp_path / "token.der", "-digest", "00" * 32, *chain)
    assert other.returncode != 0


def test_timestamp_says_the_injected_time_in_utc(tsa: TokenWriter, noon: SimulatedClock) -> None:
    noon.advance(3600.7)
    token = cms.ContentInfo.load(tsa.token(DIGEST))
    info: tsp.TSTInfo = token["content"]["encap_content_info"]["content"].parsed
    assert info["gen_time"].native == datetime(2026, 11, 23, 6, 0, 7, tzinfo=UTC)
    assert info["message_imprint"]["hashed_message"].native == DIGEST


def test_timestamps_never_share_a_serial_number(tsa: TokenWriter) -> None:
    tokens = [cms.ContentInfo.load(tsa.token(DIGEST)) for _ in range(50)]
    serials = {each["content"]["encap_content_info"]["content"].parsed["serial_number"].native for each in tokens}
    assert len(serials) == 50


def test_openssl_verifies_the_signature_and_its_signing_certificate(
    pki: Pki, tsa: TokenWriter, keys: Path, tmp_path: Path
) -> None:
    (tmp_path / "signature.der").write_bytes(
        DocumentSigner(pki.certifier(OFFICER), tsa.token, stamp_bytes=tsa.most_bytes).token(DIGEST)
    )
    (tmp_path / "document").write_bytes(DOCUMENT)
    chain = b"".join((keys / "people" / name).read_bytes() for name in ("root.pem", "issuing.pem"))
    (tmp_path / "chain.pem").write_bytes(chain)
    said = run(
        "openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "signature.der",
        "-content", tmp_path / "document", "-CAfile", tmp_path / "chain.pem", "-no_check_time",
    )  # fmt: skip
    assert "CAdES Verification successful" in said.stderr


@pytest.mark.parametrize("of", ["signature", "timestamp"])
def test_openssl_writes_the_same_der_again(pki: Pki, tsa: TokenWriter, of: str, tmp_path: Path) -> None:
    maker = tsa if of == "timestamp" else DocumentSigner(pki.agency_credential, tsa.token, stamp_bytes=tsa.most_bytes)
    before, after = tmp_path / "before.der", tmp_path / "after.der"
    before.write_bytes(maker.token(DIGEST))
    run("openssl", "cms", "-cmsout", "-inform", "DER", "-in", before, "-outform", "DER", "-out", after)
    assert after.read_bytes() == before.read_bytes()


def test_token_never_outgrows_the_room_kept_for_it(pki: Pki, tsa: TokenWriter) -> None:
    signer = DocumentSigner(pki.agency_credential, tsa.token, stamp_bytes=tsa.most_bytes)
    assert max(len(signer.token(DIGEST)) for _ in range(200)) <= signer.most_bytes
    assert max(len(tsa.token(DIGEST)) for _ in range(200)) <= tsa.most_bytes


def test_signature_has_no_signing_time_attribute_as_pades_demands(pki: Pki, tsa: TokenWriter) -> None:
    token = cms.ContentInfo.load(
        DocumentSigner(pki.agency_credential, tsa.token, stamp_bytes=tsa.most_bytes).token(DIGEST)
    )
    (info,) = token["content"]["signer_infos"]
    kinds = {each["type"].native for each in info["signed_attrs"]}
    assert kinds == {"content_type", "message_digest", "signing_certificate_v2"}
    assert [each["type"].native for each in info["unsigned_attrs"]] == ["signature_time_stamp_token"]


@pytest.mark.parametrize("number", [0, 1, 127, 128, 255, 256, 1 << 63, (1 << 160) - 1])
def test_integers_are_written_as_asn1crypto_writes_them(number: int) -> None:
    assert der.integer(number) == core.Integer(number).dump()


@pytest.mark.parametrize("dotted", ["1.2.840.113549.1.9.16.2.47", "2.16.840.1.101.3.4.2.1", "2.999.3", "0.9.2342"])
def test_object_identifiers_are_written_as_asn1crypto_writes_them(dotted: str) -> None:
    assert der.oid(dotted) == core.ObjectIdentifier(dotted).dump()


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65_535, 65_536])
def test_lengths_are_written_in_their_shortest_form(size: int) -> None:
    assert der.octets(bytes(size)) == core.OctetString(bytes(size)).dump()


def test_times_are_written_in_utc() -> None:
    assert der.generalized_time(NOON) == b"\x18\x0f20261123050007Z"
