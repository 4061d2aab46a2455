"""The voucher: money that a kiosk owes and could not pay out, as a signed code that is paid once, anywhere (QR).

It is a visible digital seal of its own document type, signed with the kiosk's device key; its header's certificate
reference is the serial number of the kiosk's certificate. Whoever holds that certificate can check it with no network;
that it was not paid before, only the hub knows.
"""

from dataclasses import dataclass
from datetime import datetime

from contract import seal_values, vds
from contract.clock import VIETNAM
from contract.ids import is_ulid
from contract.seal_faults import FieldInvalid, NotAVoucher
from contract.seal_profile import Profile, SealSigner
from contract.topics import is_kiosk_id

FEATURE_REF = b"VP"
"""0x56 feature definition, 0x50 document type category: even, as for all that ICAO did not define."""

SIGNER_ID = "VNTK"
"""The country and `TK`: a kiosk's device key."""

MOST_VND = 100_000_000

_FIELDS = (
    seal_values.ulid(1, "voucher_id"),
    seal_values.utf8(2, "kiosk"),
    seal_values.uint(3, "amount_vnd"),
    seal_values.utc_second(4, "issued_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """What a kiosk owes to the bearer; raises FieldInvalid where a value is outside the profile.

    `voucher_id` is a ULID and the key under which it is paid once, `kiosk` the name in the signer's certificate,
    `issued_at` is aware, to the second.
    """

    voucher_id: str
    kiosk: str
    amount_vnd: int
    issued_at: datetime

    def __post_init__(self) -> None:
        rules = {
            "voucher_id": is_ulid(self.voucher_id),
            "kiosk": is_kiosk_id(self.kiosk),
            "amount_vnd": 0 < self.amount_vnd <= MOST_VND,
            "issued_at": self.issued_at.tzinfo is not None and not self.issued_at.microsecond,
        }
        for name, holds in rules.items():
            if not holds:
                raise FieldInvalid(f"The field {name} of the voucher can't be {getattr(self, name)!r}")


_PROFILE = Profile(said=Voucher, feature_ref=FEATURE_REF, fields=_FIELDS, other=NotAVoucher)


def encode(voucher: Voucher, signer: SealSigner) -> bytes:
    """Return the signed voucher (some 150 bytes with P-256); raise SealError where a name can't be written."""
    return _PROFILE.encode(voucher, voucher.issued_at.astimezone(VIETNAM).date(), signer)


def decode(raw: bytes) -> tuple[Voucher, vds.Seal]:
    """Read a voucher without trusting it (`vds.verify` decides that); raise SealError."""
    return _PROFILE.decode(raw)
