"""A credential as pyHanko's signer, and a timestamp authority in this process made of one (RFC 3161, RFC 5816)."""

import secrets
from collections.abc import Iterable

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.signers import Signer
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from contract.clock import Clock
from hub.signing.credentials import Credential

DIGEST = "sha256"
TSA_POLICY = "1.3.6.1.4.1.4146.2.2"
"""The policy that pyHanko's own test authority names; it promises nothing."""

_LONGEST_SIGNATURE = 72  # DER of two 256-bit numbers
_ALGORITHM = ec.ECDSA(hashes.SHA256())


def as_asn1(certificate: x509.Certificate) -> asn1.Certificate:
    """Return the certificate in the form that pyHanko works with."""
    return asn1.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


class CmsSigner(Signer):
    """Signs with a P-256 key in memory and sends the chain along, without the root."""

    def __init__(self, credential: Credential, chain: Iterable[x509.Certificate] = ()) -> None:
        super().__init__(
            signing_cert=as_asn1(credential.certificate),
            cert_registry=SimpleCertificateStore.from_certs([as_asn1(each) for each in chain]),
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
            embed_roots=False,
        )
        self._key = credential.key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Return the DER signature over `data`."""
        return bytes(_LONGEST_SIGNATURE) if dry_run else self._key.sign(data, _ALGORITHM)


class LocalTsa(TimeStamper):
    """Stamps digests at the injected clock's time; serial numbers are random, so never repeated."""

    def __init__(self, credential: Credential, clock: Clock) -> None:
        super().__init__(include_nonce=True)
        self._signer = CmsSigner(credential)
        self._name = asn1.GeneralName(name="directory_name", value=as_asn1(credential.certificate).subject)
        self._clock = clock

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Grant a request; the token carries the TSA's certificate."""
        content = cms.EncapsulatedContentInfo(
            {"content_type": "tst_info", "content": cms.ParsableOctetString(self._tst_info(req).dump())}
        )
        token = await self._signer.async_sign_general_data(content, DIGEST, detached=False)
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})

    def _tst_info(self, req: tsp.TimeStampReq) -> tsp.TSTInfo:
        return tsp.TSTInfo(
            {
                "version": "v1",
                "policy": TSA_POLICY,
                "message_imprint": req["message_imprint"],
                "serial_number": secrets.randbits(64),
                "gen_time": self._clock.now().replace(microsecond=0),
                "nonce": req["nonce"],
                "tsa": self._name,
            }
        )
