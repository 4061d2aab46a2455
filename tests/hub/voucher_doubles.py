"""A kiosk's device key that signs vouchers, and what the kiosk says of itself."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from contract import genuine, seal, vds, voucher
from contract.genuine import Statement
from contract.ids import new_ulid
from contract.seal_profile import SealSigner
from contract.voucher import Voucher

ISSUED = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


class Maker:
    """A kiosk's device key with its certificate."""

    def __init__(self, kiosk: str) -> None:
        self.kiosk, self.key = kiosk, ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, kiosk)])
        builder = x509.CertificateBuilder(name, name, self.key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(ISSUED).not_valid_after(ISSUED + timedelta(days=365))
        self.certificate = builder.sign(self.key, hashes.SHA256())

    def code(self, amount_vnd: int = 12_000, *, named: str = "", voucher_id: str = "") -> str:
        owed = Voucher(
            voucher_id=voucher_id or new_ulid(ISSUED),
            kiosk=named or self.kiosk,
            amount_vnd=amount_vnd,
            issued_at=ISSUED,
        )
        return seal.to_qr_text("https://tram.example.vn/P", voucher.encode(owed, self._signer()))

    def answer(self, challenge: str, **said: object) -> str:
        """What the QR of the kiosk's screen holds behind the address of the page /genuine."""
        values = {"kiosk": self.kiosk, "version": "1.2.0", "contents": b"", "said_at": ISSUED} | said
        statement = Statement(challenge=challenge, **values)  # type: ignore[arg-type]
        raw = genuine.encode(statement, self._signer())
        return seal.to_qr_text("https://tram.example.vn/genuine", raw).rpartition("/")[2]

    def _signer(self) -> SealSigner:
        return SealSigner(
            signer_id=voucher.SIGNER_ID,
            cert_ref=f"{self.certificate.serial_number:X}",
            sign=vds.signing_with(self.key),
        )
