"""Signed copies a second on one core, beside a plain pyHanko script in the same run: `python -m tests.bench.signing`.

The peer signs the same draft twice with the same keys, adds DSS and document timestamp, as pyHanko's manual shows it;
its timestamps are made in the process. It draws nothing and makes no seal; ours does both and reads the result back.
"""

import io
import logging
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, cast

from asn1crypto import cms, crl, keys, ocsp, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from contract.clock import SystemClock
from hub import draft_pdf
from hub.fingerprint import Marker, pack
from hub.signing.credentials import Credential
from hub.signing.pki import Officer, Pki, ensure
from hub.signing.values import Attestation
from tests.hub.signing.signing_doubles import AGENCY, OFFICER, TITLE, Certifier, attestation, draft

ROUNDS, COPIES_A_ROUND = 5, 8
_DER = serialization.Encoding.DER


def measure() -> dict[str, float]:
    """Return copies a second of processor time and bytes of tail, ours and the peer's, rounds interleaved."""
    with tempfile.TemporaryDirectory() as folder:
        clock = SystemClock()
        pki = ensure(Path(folder) / "pki", clock, agency=AGENCY, certifiers=[Officer(name=OFFICER, title=TITLE)])
        certifier, peer = Certifier(pki, clock), Peer(pki)
        particulars = attestation(issued_at=clock.now())
        ours_tail = len(certifier.certify(draft(1), particulars).tail)
        peer_tail = len(peer.sign(draft(1))) - len(draft(1))
        rounds = [
            (_rate(lambda: _ours(certifier, particulars)), _rate(lambda: peer.sign(draft(1)))) for _ in range(ROUNDS)
        ]
    return {
        "ours_copies_per_s": median(ours for ours, _ in rounds),
        "peer_copies_per_s": median(theirs for _, theirs in rounds),
        "ours_tail_bytes": ours_tail,
        "peer_tail_bytes": peer_tail,
    }


class PlainTsa(timestamps.TimeStamper):
    """A timestamp authority in the process, of pyHanko's own parts (its test authority knows RSA only)."""

    def __init__(self, credential: Credential) -> None:
        super().__init__()
        own = _asn1(credential.certificate)
        self._signer = signers.SimpleSigner(own, _asn1_key(credential), SimpleCertificateStore.from_certs([own]))

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Return a granted response."""
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.3.6.1.4.1.4146.2.2",
                "message_imprint": req["message_imprint"],
                "serial_number": secrets.randbits(63),
                "gen_time": SystemClock().now().replace(microsecond=0),
                "nonce": req["nonce"],
            }
        )
        content = cms.EncapsulatedContentInfo(
            {"content_type": "tst_info", "content": cms.ParsableOctetString(info.dump())}
        )
        token = await self._signer.async_sign_general_data(content, "sha256", detached=False)
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})


class Peer:
    """The plain script; it parses certificates and evidence once, as ours does."""

    def __init__(self, pki: Pki) -> None:
        chain = SimpleCertificateStore.from_certs([_asn1(pki.issuing), _asn1(pki.root)])
        people = (pki.certifier(OFFICER), pki.agency_credential)
        self._signers = [signers.SimpleSigner(_asn1(each.certificate), _asn1_key(each), chain) for each in people]
        self._tsa = PlainTsa(pki.tsa)
        self._evidence = {
            "trust_roots": [_asn1(pki.root)],
            "other_certs": [_asn1(pki.issuing), _asn1(pki.responder)],
            "ocsps": [ocsp.OCSPResponse.load(pki.evidence.ocsp(each.certificate)) for each in (*people, pki.tsa)],
            "crls": [crl.CertificateList.load(pki.evidence.root_crl())],
        }

    def sign(self, content: bytes) -> bytes:
        """Return the draft signed twice, with DSS and document timestamp."""
        first = self._signed(0, io.BytesIO(content), field_name="First", certify=True)
        second = self._signed(1, first, field_name="Second", embed_validation_info=True, use_pades_lta=True)
        return bytes(second.getbuffer())

    def _signed(self, signer: int, content: io.BytesIO, **options: Any) -> io.BytesIO:
        metadata = signers.PdfSignatureMetadata(
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            docmdp_permissions=fields.MDPPerm.FILL_FORMS,
            validation_context=ValidationContext(**self._evidence, revocation_mode="hard-fail", allow_fetching=False),
            **options,
        )
        writer = IncrementalPdfFileWriter(content)
        signed = signers.sign_pdf(writer, metadata, signer=self._signers[signer], timestamper=self._tsa)
        return cast(io.BytesIO, signed)


def _ours(certifier: Certifier, particulars: Attestation) -> None:
    """Do what the hub does for a copy: sign, and mark its words for the check of prints."""
    content = draft(1)
    signed = certifier.certify(content, particulars)
    pack(draft_pdf.words(content + signed.tail), Marker(signed.verify_url))


def _rate(make: Callable[[], object]) -> float:
    start = time.process_time()
    for _ in range(COPIES_A_ROUND):
        make()
    return COPIES_A_ROUND / (time.process_time() - start)


def _asn1(certificate: x509.Certificate) -> asn1.Certificate:
    return asn1.Certificate.load(certificate.public_bytes(_DER))


def _asn1_key(credential: Credential) -> keys.PrivateKeyInfo:
    plain = serialization.NoEncryption()
    return keys.PrivateKeyInfo.load(credential.key.private_bytes(_DER, serialization.PrivateFormat.PKCS8, plain))


def main() -> None:
    """Print the figures."""
    logging.getLogger("pyhanko").setLevel(logging.ERROR)  # it warns that nothing will be fetched, once a signature
    figures = measure()
    print(f"{'signed copies, one core':28}{'a second':>10}{'tail, KB':>10}")
    for who, name in (("ours", "hub (block, seal, B-LTA)"), ("peer", "plain pyHanko (B-LTA)")):
        print(f"{name:28}{figures[f'{who}_copies_per_s']:>10.1f}{figures[f'{who}_tail_bytes'] / 1000:>10.1f}")


if __name__ == "__main__":
    main()
