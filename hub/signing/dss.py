"""The document security store: what a validator needs years later, put inside the copy (EN 319 142-1 §5.4.2)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from hub.signing.pdf_font import compressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Certificates and their revocation status, DER: whole chains; of each an OCSP response or its issuer's list."""

    certificates: tuple[bytes, ...]
    ocsps: tuple[bytes, ...]
    crls: tuple[bytes, ...]


def add(writer: BasePdfFileWriter, evidence: Evidence, signatures: Iterable[bytes]) -> None:
    """Put the evidence into the document, filed under each of the `signatures` (their contents, padding included)."""
    lists = {
        "Cert": _streams(writer, evidence.certificates),
        "OCSP": _streams(writer, evidence.ocsps),
        "CRL": _streams(writer, evidence.crls),
    }
    by_signature = DictionaryObject({NameObject("/Type"): NameObject("/VRI"), **_arrays(lists, suffix="")})
    reference = writer.add_object(by_signature)
    entries = {NameObject(f"/{_identifier(contents)}"): reference for contents in signatures}
    store = DictionaryObject({NameObject("/Type"): NameObject("/DSS"), **_arrays(lists, suffix="s")})
    store[NameObject("/VRI")] = DictionaryObject(entries)
    writer.root[NameObject("/DSS")] = writer.add_object(store)
    writer.update_root()


def _identifier(contents: bytes) -> str:
    return hashlib.sha1(contents).hexdigest().upper()  # noqa: S324 - a name that the standard prescribes


def _streams(writer: BasePdfFileWriter, items: Iterable[bytes]) -> list[IndirectObject]:
    return [writer.add_object(compressed(item)) for item in items]


def _arrays(lists: dict[str, list[IndirectObject]], *, suffix: str) -> dict[NameObject, ArrayObject]:
    return {NameObject(f"/{kind}{suffix}"): ArrayObject(items) for kind, items in lists.items()}
