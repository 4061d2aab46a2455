"""Master lists: country signing certificates that one state publishes, signed by it (ICAO Doc 9303-12, 8 and 9)."""

from typing import Any, ClassVar

from asn1crypto import core
from asn1crypto import x509 as asn1
from cryptography import x509

from agent.identity.chip import signed_content
from agent.identity.chip.signed_content import ODD_ASN1, STRONG

_CONTENT_TYPE = "2.23.136.1.1.2"
_SIGNS_LISTS = x509.ObjectIdentifier("2.23.136.1.1.3")


class _Certificates(core.SetOf):  # type: ignore[misc]
    _child_spec = asn1.Certificate


class _List(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar[list[Any]] = [("version", core.Integer), ("certificates", _Certificates)]


def parse(der: bytes, country: str) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
    """Return the list's signer, whose issuer is still to be checked, and the certificates of one country (`VN`).

    Others are not even decoded. Raise ValueError where it is no list, or not as its signer signed it.
    """
    signed = signed_content.parse(der, _CONTENT_TYPE)
    if signed.hash_name not in STRONG or not signed.signed_as_it_is():
        raise ValueError("the list is not what was signed")
    try:
        if _SIGNS_LISTS not in signed.signer.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value:
            raise ValueError("its signer is not one for master lists")
        listed = _List.load(signed.content, strict=True)["certificates"]
        chosen = [one.dump() for one in listed if str(one.subject.native.get("country_name", "")).upper() == country]
        return signed.signer, tuple(x509.load_der_x509_certificate(one) for one in chosen)
    except (x509.ExtensionNotFound, x509.DuplicateExtension, *ODD_ASN1) as fault:
        raise ValueError(f"no master list ({fault})") from None
