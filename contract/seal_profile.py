"""What our kinds of visible digital seal have in common: signer, header, and the refusal of a seal of another kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from contract import seal_values, vds
from contract.seal_faults import SealError

COUNTRY = "VNM"
Said = TypeVar("Said")


@dataclass(frozen=True, slots=True, kw_only=True)
class SealSigner:
    """The seal key as the hub sees it: names that find its certificate, and something that signs.

    `signer_id` is the country and two characters of the signing body (`VNTR`), `cert_ref` the certificate's serial
    number in upper-case hex without leading zeros, `sign` returns raw r‖s.
    """

    signer_id: str
    cert_ref: str
    sign: vds.Sign


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(Generic[Said]):
    """One kind of seal: what is `said`, under which document type, in which messages.

    `feature_ref` is feature definition and document type category; `other` is raised of a seal of another kind.
    """

    said: type[Said]
    feature_ref: bytes
    fields: Sequence[seal_values.Field]
    other: type[SealError]

    def encode(self, said: Said, day: date, signer: SealSigner) -> bytes:
        """Return the signed seal; `day` is on a Vietnamese calendar. Raise SealError where a name can't be written."""
        header = vds.Header(
            issuing_country=COUNTRY,
            signer_id=signer.signer_id,
            cert_ref=signer.cert_ref,
            issue_date=day,
            signature_date=day,
            feature_ref=self.feature_ref,
        )
        return vds.encode(header, seal_values.write(said, self.fields), signer.sign)

    def decode(self, raw: bytes) -> tuple[Said, vds.Seal]:
        """Read a seal without trusting it (`vds.verify` decides that); raise SealError.

        Messages with tags unknown here are passed over: the signature covers them, a later edition may add some.
        """
        outer = vds.decode(raw)
        if (outer.header.issuing_country, outer.header.feature_ref) != (COUNTRY, self.feature_ref):
            raise self.other(f"The seal is for document type {outer.header.feature_ref.hex()}")
        return self.said(**seal_values.read(outer.messages, self.fields)), outer
