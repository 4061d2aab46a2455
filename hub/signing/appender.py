"""The revisions that every signed document of the hub has: marks and signatures, evidence, document timestamp."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contract.layout import Rect
from hub.signing import dss, revision
from hub.signing.attest import Furniture
from hub.signing.cades import DocumentSigner
from hub.signing.draft import Draft
from hub.signing.faults import ServiceFault, StatusUnknown
from hub.signing.pki import Pki
from hub.signing.revision import CopyWriter
from hub.signing.services import TrustServices
from hub.signing.signers import Signer
from hub.signing.timestamps import Chain, Stamping


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signs in which field, for what reason, and where on the page the field can be clicked."""

    field: str
    name: str
    reason: str
    signer: Signer
    box: Rect


class Appender:
    """Appends to drafts with the evidence of one hub."""

    def __init__(self, pki: Pki, services: TrustServices) -> None:
        self._pki = pki
        self._services = services

    def append(
        self, draft: Draft, furniture: Furniture, signatures: Sequence[Signature], *, page: int, at: datetime
    ) -> str:
        """Append all revisions; return what is lacking for B-LTA, in a sentence, or nothing.

        The first signature certifies the document; the fields stand on `page`, counted from 0. Raises SigningFault.
        """
        stamping = self._services.timestamps.stamping()
        writer = CopyWriter(draft.stream, prev=draft.reader)
        revision.draw(writer, draft, furniture)
        revision.add_fields(writer, {each.field: each.box for each in signatures}, page)
        chains = [self._chain(each.signer) for each in signatures]
        alone = self._lacks_evidence(chains)
        contents = []
        for each in signatures:
            maker = DocumentSigner(
                each.signer,
                stamping.token_if_any,
                stamp_bytes=stamping.most_bytes,
                chain=[self._pki.issuing],
                alone=bool(alone),
            )
            contents.append(
                revision.sign(
                    writer,
                    each.field,
                    maker,
                    name=each.name,
                    reason=each.reason,
                    at=at,
                    certifies=each is signatures[0],
                )
            )
            writer = CopyWriter(draft.stream)
        if stamping.fault is not None:
            return str(stamping.fault)
        return alone or self._archive(draft, stamping, chains, contents)

    def _archive(self, draft: Draft, stamping: Stamping, chains: list[Chain], contents: list[bytes]) -> str:
        """Append revocation data and document timestamp, or nothing of it; return what was lacking."""
        signed_bytes = draft.stream.seek(0, io.SEEK_END)
        try:
            for _ in range(2):  # the stamp may come from another authority than those that the evidence is about
                known = list(stamping.chains)
                evidence = self._services.status.gather([*chains, *known])
                writer = CopyWriter(draft.stream)
                dss.add(writer, evidence, contents)
                revision.stamp(writer, stamping)
                if stamping.chains == known:
                    return ""
                draft.stream.truncate(signed_bytes)
        except ServiceFault as fault:
            draft.stream.truncate(signed_bytes)
            return str(fault)
        return "The timestamp authorities took turns at failing"

    def _chain(self, signer: Signer) -> Chain:
        return (signer.certificate, self._pki.issuing, self._pki.root)

    def _lacks_evidence(self, chains: list[Chain]) -> str:
        try:
            self._services.status.gather(chains)
        except StatusUnknown as fault:
            return str(fault)
        return ""
