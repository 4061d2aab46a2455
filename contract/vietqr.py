"""VietQR: the payload of a transfer code (NAPAS QR specification 1.5.2, EMVCo merchant-presented mode).

    tag · two digits of length in bytes · value, nested under 38 (whose account) and 62 (what for); 63 is the checksum

The code asks a bank for a transfer and proves nothing: that money came is known from the bank's word to the hub.
Reading is strict about the checksum and the structure; tags unknown here are passed over.
"""

import re
from binascii import crc_hqx
from dataclasses import dataclass

__all__ = ["ForeignAccount", "Transfer", "VietQrError", "WrongChecksum", "parse", "payload"]

NAPAS = "A000000727"
TO_ACCOUNT = "QRIBFTTA"
DONG = "704"

_BIN = re.compile(r"[0-9]{6}")
_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,19}")
_REFERENCE = re.compile(r"[0-9A-Za-z ]{1,25}")
_CHECKSUM = "6304"


class VietQrError(ValueError):
    """The text is no VietQR transfer; the sentence names the place. Scan the code again."""


class WrongChecksum(VietQrError):
    """The checksum does not fit the text: it was misread or changed."""


class ForeignAccount(VietQrError):
    """A payment code, but not one for a transfer to an account through NAPAS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A transfer of `amount_vnd` to an account; raises VietQrError where a value can't stand in the code.

    `bank_bin` is the bank's six-digit number, `reference` (≤ 25 ASCII letters, digits, spaces) comes back on the
    account's statement and is how the payment is recognised.
    """

    bank_bin: str
    account: str
    amount_vnd: int
    reference: str

    def __post_init__(self) -> None:
        rules = {
            "bank_bin": _BIN.fullmatch(self.bank_bin),
            "account": _ACCOUNT.fullmatch(self.account),
            "amount_vnd": 0 < self.amount_vnd < 10**13,
            "reference": _REFERENCE.fullmatch(self.reference),
        }
        for name, holds in rules.items():
            if not holds:
                raise VietQrError(f"{name} can't be {getattr(self, name)!r}")


def payload(transfer: Transfer) -> str:
    """Return the text of the dynamic QR code (initiation method 12) that asks for this transfer."""
    beneficiary = _field("00", transfer.bank_bin) + _field("01", transfer.account)
    account = _field("00", NAPAS) + _field("01", beneficiary) + _field("02", TO_ACCOUNT)
    parts = [
        _field("00", "01"),
        _field("01", "12"),
        _field("38", account),
        _field("53", DONG),
        _field("54", str(transfer.amount_vnd)),
        _field("58", "VN"),
        _field("62", _field("08", transfer.reference)),
        _CHECKSUM,
    ]
    text = "".join(parts)
    return f"{text}{_crc(text):04X}"


def parse(text: str) -> Transfer:
    """Return the transfer that a code asks for; raise WrongChecksum, ForeignAccount or VietQrError."""
    body, checksum = text[:-4], text[-4:]
    if not body.endswith(_CHECKSUM) or checksum.upper() != f"{_crc(body):04X}":
        raise WrongChecksum("The checksum of the payment code does not fit its text")
    fields = _fields(body.removesuffix(_CHECKSUM).encode())
    account = _fields(fields.get("38", b""))
    beneficiary = _fields(account.get("01", b""))
    # some issuers write the service code a level too deep, and banking apps take it there
    service = account.get("02", beneficiary.get("02"))
    if account.get("00") != NAPAS.encode() or service != TO_ACCOUNT.encode():
        raise ForeignAccount("The payment code is not for a transfer to a Vietnamese bank account")
    return Transfer(
        bank_bin=_text(beneficiary, "00"),
        account=_text(beneficiary, "01"),
        amount_vnd=_amount(fields.get("54", b"")),
        reference=_text(_fields(fields.get("62", b"")), "08"),
    )


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value.encode()):02d}{value}"


def _fields(raw: bytes) -> dict[str, bytes]:
    fields: dict[str, bytes] = {}
    at = 0
    while at < len(raw):
        head = raw[at : at + 4]
        if not (len(head) == 4 and head.isdigit()):
            raise VietQrError(f"At byte {at} of the payment code stands no tag with its length")
        size = int(head[2:])
        if at + 4 + size > len(raw):
            raise VietQrError(f"The value of tag {head[:2].decode()} runs over the end of the payment code")
        fields[head[:2].decode()] = raw[at + 4 : at + 4 + size]
        at += 4 + size
    return fields


def _text(fields: dict[str, bytes], tag: str) -> str:
    return fields.get(tag, b"").decode("utf-8", "replace")


def _amount(raw: bytes) -> int:
    if not raw.isdigit():
        raise VietQrError(f"The payment code names the amount {raw.decode('ascii', 'replace')!r}, not whole đồng")
    return int(raw)


def _crc(text: str) -> int:
    """CRC-16/CCITT-FALSE (polynomial 1021, start FFFF) over the text's bytes."""
    return crc_hqx(text.encode(), 0xFFFF)
