"""What a signed PDF carries: its certificates and the timestamps inside its signatures."""

from collections.abc import Iterator
from contextlib import suppress

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter


def certificates(reader: PdfFileReader) -> Iterator[x509.Certificate]:
    """Yield every certificate in the file, some more than once."""
    with suppress(NoDSSFoundError):
        yield from DocumentSecurityStore.read_dss(reader).load_certs()
    for signature in reader.embedded_signatures:
        for signed in (signature.signed_data, *stamps(signature)):
            yield from (each.chosen for each in signed["certificates"])


def stamps(signature: EmbeddedPdfSignature) -> Iterator[cms.SignedData]:
    """Yield the timestamps inside a signature."""
    yield from extract_tst_data_iter(signature.signer_info, signed=False)
