"""Why a message is not treated; each becomes a `Rejected` on the wire.

Refusal
├── Malformed          not a message of this contract and version
├── UnknownRoom        a topic that the contract does not have
├── KioskUnknown       a kiosk that is not enrolled
├── KioskRevoked       a kiosk whose certificate was revoked
├── KioskQuarantined   two machines seem to be this kiosk
├── ReplayedId         an id that was used with other bytes
├── LegalModeMismatch  a kiosk that claims another legal mode than it has (R3)
├── TooManyOpen        more unfinished drafts than one kiosk may have
├── DraftHash          a draft whose bytes do not make its hash
├── DraftUnreadable    a draft that is no PDF the hub can append to
├── DraftPages         a draft with another number of pages than declared (R6)
├── ChunkSize          a chunk of the wrong size or number
├── ChunkUnexpected    a chunk of a draft nobody announced
├── BundleTooLarge     a bundle of logs that is larger than the hub takes
├── EvidenceUnknown    evidence of identity that no request here announced (yet)
├── EvidenceTooLarge   evidence that is larger than the hub takes
├── EvidenceLate       evidence of a paper that is decided
├── TailUnknown        a tail that is not this kiosk's
├── TailPurged         a tail no longer kept after hand-over (R13)
├── NotYours           a fact about another kiosk's request
├── LinkRefused        a link to a copy that is not ordered electronically, not signed, or has links enough
├── NoTransfers        the hub has no account for transfers
├── NoPost             the hub posts no copies
├── NoArchive          the hub keeps no digitised documents
├── VoucherRefused     a voucher that is not to be paid, or is known otherwise
├── NoLine             the hub has no counters that call numbers
├── NoVneid            the hub does not speak with VNeID
├── CheckInRefused     nothing to check in under the code
└── StoreFull          the hub can't write now
"""

from typing import ClassVar

from contract.messages import Rejected
from hub.faults import QueueFault, UnknownThing, VoucherFault


class Refusal(Exception):
    """A message that is not treated; the text is the cause."""

    code: ClassVar[str] = "REFUSED"
    remedy: ClassVar[str] = ""
    final: ClassVar[bool] = True

    def as_reply(self) -> Rejected:
        """Return what the kiosk is told."""
        cause = "".join(char if char.isprintable() else "?" for char in str(self)[:2000])  # it may quote the message
        return Rejected(code=self.code, cause=cause, remedy=self.remedy, final=self.final)


class Malformed(Refusal):
    """The payload does not keep the contract."""

    code = "MALFORMED"
    remedy = "Update the kiosk's program to the hub's version of the contract."


class UnknownRoom(Refusal):
    """The topic is not one of the contract's."""

    code = "UNKNOWN_TOPIC"
    remedy = "Update the kiosk's program to the hub's version of the contract."


class KioskUnknown(Refusal):
    """The hub does not know the kiosk."""

    code = "KIOSK_UNKNOWN"
    remedy = "Enrol the kiosk at the hub."
    final = False


class KioskRevoked(Refusal):
    """The kiosk was taken out of service."""

    code = "KIOSK_REVOKED"
    remedy = "Take the kiosk out of service; a repaired one is enrolled anew under another id."


class KioskQuarantined(Refusal):
    """Two machines show the same identity; nothing is done for either until a person has looked."""

    code = "KIOSK_QUARANTINED"
    remedy = (
        "Take the kiosk out of service and find out which machine is the true one; then release the kiosk at the hub's "
        "console, or enrol the true one anew."
    )


class KioskQuarantinedFact(KioskQuarantined):
    """The same of what has happened already: it is kept at the kiosk and told again after the release."""

    final = False


class ReplayedId(Refusal):
    """The same id with other bytes."""

    code = "REPLAYED_ID"
    remedy = "Use a new id for a new request; repeat an old one only byte for byte."


class LegalModeMismatch(Refusal):
    """The request claims a legal mode that the kiosk does not have."""

    code = "LEGAL_MODE"
    remedy = "Set the kiosk's legal mode to the one it is enrolled with, or have the enrolment changed."


class TooManyOpen(Refusal):
    """The kiosk has too many drafts that are not whole."""

    code = "TOO_MANY_OPEN"
    remedy = "Finish sending the earlier drafts first."
    final = False


class DraftHash(Refusal):
    """The chunks do not make the announced draft; they were discarded."""

    code = "DRAFT_HASH"
    remedy = "Send all chunks again."
    final = False


class DraftUnreadable(Refusal):
    """The draft can't be certified as it is."""

    code = "DRAFT_UNREADABLE"
    remedy = "Scan the paper again so that the kiosk makes a new draft."


class DraftPages(Refusal):
    """Declared and actual number of pages differ."""

    code = "DRAFT_PAGES"
    remedy = "Scan the paper again with all its pages."


class ChunkSize(Refusal):
    """The chunk can't be part of the announced draft."""

    code = "CHUNK_SIZE"
    remedy = "Cut the draft into chunks of 64 KiB, the last one shorter, numbered from 0."
    final = False


class ChunkUnexpected(Refusal):
    """No request announced this draft."""

    code = "CHUNK_UNEXPECTED"
    remedy = "Send the request first; the hub then says which chunks it lacks."
    final = False


class BundleTooLarge(Refusal):
    """The bundle of logs is larger than the hub takes."""

    code = "BUNDLE_TOO_LARGE"
    remedy = "Fetch the logs at the kiosk; its program should have cut them."


class EvidenceUnknown(Refusal):
    """No request has announced this evidence."""

    code = "EVIDENCE_UNKNOWN"
    remedy = "Send the request first, then the evidence that it names."
    final = False


class EvidenceTooLarge(Refusal):
    """The sealed evidence is larger than the hub takes."""

    code = "EVIDENCE_TOO_LARGE"
    remedy = "Send smaller pictures; the paper is treated without the evidence."


class EvidenceLate(Refusal):
    """The paper is decided already."""

    code = "EVIDENCE_LATE"
    remedy = "Nothing is to be done; the paper was decided without it."


class TailUnknown(Refusal):
    """The kiosk has no copy with this tail."""

    code = "TAIL_UNKNOWN"
    remedy = "Ask again with the hash and size of the tail in the hub's answer."


class TailPurged(Refusal):
    """The copy was handed over and its tail destroyed."""

    code = "TAIL_PURGED"
    remedy = "The citizen has the copy; for another one the original is scanned again."


class NotYours(Refusal):
    """The fact is about a request of another kiosk."""

    code = "NOT_YOURS"
    remedy = "Report only what happened at this kiosk."


class LinkRefused(Refusal):
    """There is no electronic copy that the link could lead to."""

    code = "LINK_REFUSED"
    remedy = "Give the citizen the copy at the kiosk, or at a counter."


class VoucherRefused(Refusal):
    """A voucher is not to be paid; carries the register's own words."""

    def __init__(self, fault: VoucherFault) -> None:
        super().__init__(fault.cause)
        self._fault = fault

    def as_reply(self) -> Rejected:
        """Return what the kiosk is told."""
        return Rejected(code=self._fault.code, cause=self._fault.cause, remedy=self._fault.advice)


class NoTransfers(Refusal):
    """The hub has no account that transfers could go to."""

    code = "NO_TRANSFERS"
    remedy = "Set [bank] in hub.toml, or `pays_by_transfer = false` in kiosk.toml."


class NoPost(Refusal):
    """The hub posts nothing."""

    code = "NO_POST"
    remedy = "Set [post] in hub.toml, or take [[delivery.post]] out of kiosk.toml."


class NoArchive(Refusal):
    """The hub has no archive for digitised documents."""

    code = "NO_ARCHIVE"
    remedy = "Set [documents] in hub.toml with two backups, or take the digitising off the kiosk."


class NoVneid(Refusal):
    """The hub does not speak with VNeID."""

    code = "NO_VNEID"
    remedy = "Set [adapters.vneid] in hub.toml, or take asks_vneid out of kiosk.toml."


class NoLine(Refusal):
    """The hub calls no numbers."""

    code = "NO_LINE"
    remedy = "Set [queue] in hub.toml, or take [queue] out of kiosk.toml."


class CheckInRefused(Refusal):
    """Nobody can check in under the code; carries the line's own words."""

    def __init__(self, fault: QueueFault | UnknownThing) -> None:
        super().__init__(fault.cause)
        self._fault = fault

    def as_reply(self) -> Rejected:
        """Return what the kiosk is told."""
        return Rejected(code=self._fault.code, cause=self._fault.cause, remedy=self._fault.advice)


class StoreFull(Refusal):
    """The hub's disk or database does not take anything now."""

    code = "HUB_STORE"
    remedy = "Keep the message and send it again; the operator must make room at the hub."
    final = False
