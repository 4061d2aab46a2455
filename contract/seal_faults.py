"""What can be wrong with a visible digital seal, or with the QR that should carry one.

SealError
├── NotASeal               not a seal's first byte
├── NotOurQr               a QR text that is not the address of a seal
├── NotACopySeal           a seal, but of another document type
├── NotAVoucher            a seal, but not that of a voucher
├── NotAStatement          a seal, but not what a kiosk says of itself
├── UnknownVersion         a seal of a version not spoken here
├── Truncated              the bytes end too early
├── BadLength              a length that is not DER
├── BadText                text outside C40 or UTF-8
├── BadDate                a date that is not in the calendar
├── BadCertificateRef      the length of the certificate reference is no number
├── Unsigned               no signature follows the messages
├── TrailingBytes          something stands behind the signature
├── FieldMissing           a required message is absent
├── FieldRepeated          a message stands twice
├── FieldInvalid           a value outside its range, or not in its shortest form
├── Contradiction          header and messages disagree
├── NotAlphanumeric        an address that QR alphanumeric mode can't hold
├── UnsuitableKey          a key that can't have made this seal
├── SignatureSize          a signature of another size than the key's
└── SignatureInvalid       the signature does not fit content and key
"""

from typing import ClassVar


class SealError(ValueError):
    """The seal can't be read or trusted; the text names the cause, then what to do."""

    remedy: ClassVar[str] = "Scan the code again; if that does not help, the copy is unproven: ask the issuing agency."

    def __init__(self, cause: str) -> None:
        super().__init__(f"{cause}. {self.remedy}")


class NotASeal(SealError):
    """The bytes do not begin as a visible digital seal."""


class NotOurQr(SealError):
    """The QR code is not one of a certified copy."""

    remedy = "Scan the QR that stands beside the certifying statement, not another one on the paper."


class NotACopySeal(SealError):
    """The seal is genuine in form but belongs to another kind of document."""

    remedy = "Check it with the verifier of the authority that issued it."


class NotAVoucher(SealError):
    """The seal is genuine in form but is not that of a voucher."""

    remedy = "Scan the code on the voucher that the kiosk printed."


class NotAStatement(SealError):
    """The seal is genuine in form but is not what a kiosk says of itself."""

    remedy = "Scan the code that the kiosk shows after the six digits were typed."


class UnknownVersion(SealError):
    """The seal is of a version not known here."""

    remedy = "Update the verifier; it is older than the seal."


class Truncated(SealError):
    """The seal ends before its content does."""


class BadLength(SealError):
    """A length in the seal is not written as DER demands."""


class BadText(SealError):
    """A text in the seal can't be written or read in its alphabet."""


class BadDate(SealError):
    """A date in the seal is not in the calendar."""


class BadCertificateRef(SealError):
    """The seal does not say which certificate signed it."""


class Unsigned(SealError):
    """The seal carries no signature and so proves nothing."""


class TrailingBytes(SealError):
    """Something stands behind the signature that it does not cover."""


class FieldMissing(SealError):
    """A field that every copy's seal has is absent."""


class FieldRepeated(SealError):
    """A field stands twice, so its value is ambiguous."""


class FieldInvalid(SealError):
    """A field's value is outside what the profile allows."""


class Contradiction(SealError):
    """Two parts of the seal say different things."""


class NotAlphanumeric(SealError):
    """The verify address has characters outside QR alphanumeric mode."""

    remedy = "Give the verify page an address of A–Z, 0–9 and $ % * + - . / : only, without a query."


class UnsuitableKey(SealError):
    """The key is not an elliptic-curve key of a size that seals use."""

    remedy = "Look up the signer certificate that the seal's header names."


class SignatureSize(SealError):
    """The signature's size is not the one this key makes."""

    remedy = "Look up the signer certificate that the seal's header names; with it, the same error means a forgery."


class SignatureInvalid(SealError):
    """The signature does not fit the seal's content and this key."""

    remedy = "Treat the copy as not genuine and ask the issuing agency."
