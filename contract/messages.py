"""The messages between kiosk and hub, version 1: strict JSON, typed, unknown fields refused.

A request's id is its idempotency key: the same id with the same bytes has one effect and gets the same answer; with
other bytes it is rejected. Times are UTC, ISO 8601. Boxes are millimetres on the flattened page (x0, y0, x1, y1),
origin top left.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, TypeVar, get_args, get_type_hints

import msgspec
from msgspec import Meta, Struct

from contract.destinations import Destination
from contract.digital import Condition, Metadata
from contract.topics import BLOB_CHUNK_BYTES

VERSION = 1
MAX_DRAFT_BYTES = 64 * 1024 * 1024
MAX_PAGES = 200

Sha256Hex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Ulid = Annotated[str, Meta(pattern="^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
_TEXT = r"^[^\x00]*$"
"""PostgreSQL keeps no NUL in a text."""

Name = Annotated[str, Meta(max_length=200, pattern=_TEXT)]
Sentence = Annotated[str, Meta(max_length=2000, pattern=_TEXT)]
Moment = Annotated[datetime, Meta(tz=True)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Box = tuple[float, float, float, float]
Vnd = Annotated[int, Meta(ge=0, le=10_000_000_000)]
PaidVnd = Annotated[int, Meta(ge=1, le=10_000_000_000)]
BankId = Annotated[str, Meta(pattern="^[0-9A-Za-z._:-]{1,64}$")]
"""A bank's own id of a transfer."""
Figure = Annotated[float, Meta(ge=-1e12, le=1e12)]
"""What is measured; so bounded that figures can be added up."""
NetVnd = Annotated[int, Meta(ge=-10_000_000_000, le=10_000_000_000)]


class MalformedMessage(ValueError):
    """The message does not keep the contract; the text says where."""


class LegalMode(StrEnum):
    """What a kiosk may do where it stands (DOMAIN finding 2, R3)."""

    PREPARE_ONLY = "PREPARE_ONLY"
    STAFFED_AT_OFFICE = "STAFFED_AT_OFFICE"
    PILOT_REMOTE = "PILOT_REMOTE"


class Presented(StrEnum):
    """How the original was physically presented (R4)."""

    KIOSK_BED_OFFICER_PRESENT = "KIOSK_BED_OFFICER_PRESENT"
    KIOSK_BED_CAMERA = "KIOSK_BED_CAMERA"
    COUNTER = "COUNTER"


class Priority(StrEnum):
    """Whom an agency serves first (Luật Người cao tuổi 39/2009, Luật Người khuyết tật 51/2010, Pháp lệnh Ưu đãi người
    có công 02/2020/UBTVQH14; pregnant women by custom); the citizen says so.
    """

    NONE = "NONE"
    ELDERLY = "ELDERLY"
    DISABLED = "DISABLED"
    PREGNANT = "PREGNANT"
    MERIT = "MERIT"


class IdentityResult(StrEnum):
    """What a check of the person's identity came to; a copy needs none (DOMAIN R21)."""

    MATCH = "MATCH"
    NO_MATCH = "NO_MATCH"
    UNSURE = "UNSURE"


class IdentityMethod(StrEnum):
    """How it was checked who is there: by face, by an officer's eye on a still, by staff at the kiosk (R20); or that
    the citizen went on without, after tries in which the kiosk could not be sure."""

    FACE = "FACE"
    STILL = "STILL"
    STAFF = "STAFF"
    WITHOUT = "WITHOUT"


class CardSource(StrEnum):
    """What was believed about the person: the card's chip, its print (no proof), or no card."""

    CHIP = "CHIP"
    PRINTED = "PRINTED"
    NONE = "NONE"


class Severity(StrEnum):
    """How loud a finding speaks; none of them decides (R1)."""

    STOP = "STOP"
    ASK = "ASK"
    ADVISE = "ADVISE"


class PrintOutcome(StrEnum):
    """What is known of the paper; `UNKNOWN` goes to a person."""

    PRINTED = "PRINTED"
    NOT_PRINTED = "NOT_PRINTED"
    UNKNOWN = "UNKNOWN"


EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Moments outside can't be moved to another time zone, or be reckoned with, everywhere."""


class Service(StrEnum):
    """Whether a kiosk takes new visits; open ones go on to their end in any case."""

    IN_SERVICE = "IN_SERVICE"
    DRAINING = "DRAINING"
    OUT_OF_SERVICE = "OUT_OF_SERVICE"


class JobState(StrEnum):
    """Where a remote job is at the kiosk; the last three are ends."""

    ACCEPTED = "ACCEPTED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


JOB_ENDS = (JobState.DONE, JobState.FAILED, JobState.EXPIRED)


class Message(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value on the wire."""

    def __post_init__(self) -> None:
        """Refuse a moment that nobody could reckon with (ValueError)."""
        for name in _moments(type(self)):
            moment = getattr(self, name)
            if moment is not None and not EARLIEST <= moment < LATEST:
                raise ValueError(f"the moment '{name}' lies outside {EARLIEST.year}–{LATEST.year}")


M = TypeVar("M", bound=Message)

ServiceCode = Annotated[str, Meta(pattern="^[A-Z0-9]{1,12}$")]
"""A service of the agency for which people wait: the same code in hub.toml and kiosk.toml."""
QueueNumber = Annotated[str, Meta(pattern="^[A-Z][0-9]{1,2}-[0-9]{3,5}$")]
"""What is called: the service's letter, the series (the kiosk's; 0 is the hub's own), the count of the day."""
BookingCode = Annotated[str, Meta(pattern="^[0-9A-HJKMNP-TV-Z]{8}$")]
Seconds = Annotated[int, Meta(ge=0, le=86_400)]


class BlobRef(Message, frozen=True, kw_only=True):
    """A byte string named by its own hash."""

    sha256: Sha256Hex
    size_bytes: Annotated[int, Meta(ge=1, le=MAX_DRAFT_BYTES)]

    @property
    def chunks(self) -> int:
        """How many chunks it travels in."""
        return -(-self.size_bytes // BLOB_CHUNK_BYTES)


class ReadFact(Message, frozen=True, kw_only=True):
    """One field that the kiosk read from the paper."""

    name: Name
    label: Name
    value: Sentence
    confidence: Annotated[float, Meta(ge=0, le=1)]
    sure: bool
    page: Annotated[int, Meta(ge=1)]
    box: Box


class ReadFinding(Message, frozen=True, kw_only=True):
    """One thing the kiosk noticed; `ground` is a code of contract.grounds."""

    ground: Name
    severity: Severity
    text: Sentence
    page: Annotated[int, Meta(ge=1)]
    box: Box


class IdentityCheck(Message, frozen=True, kw_only=True):
    """How the kiosk checked who is there, when, and with what result; nothing in it is biometric.

    `case` is what the sealed `evidence` was sealed for (contract.identity_evidence). `card_verified` says that passive
    authentication of the chip held. `challenge` is the one-use id of the light and motion challenge. `consent` is the
    version of the text that the citizen agreed to. `vouched_by` is the member of staff of IdentityMethod.STAFF.
    `unsure_tries` counts the tries by face before it that were not sure: a fact, and no reproach (R15). `may_compare`
    says that the text agreed to lets an officer compare the card with the population database.
    """

    method: IdentityMethod
    result: IdentityResult
    checked_at: Moment
    case: Ulid
    card: CardSource = CardSource.NONE
    card_verified: bool = False
    challenge: Name = ""
    consent: Name = ""
    vouched_by: Name = ""
    evidence: BlobRef | None = None
    unsure_tries: Annotated[int, Meta(ge=0, le=9)] = 0
    may_compare: bool = False


class QuoteLine(Message, frozen=True, kw_only=True):
    """The fee as quoted and paid: state fee and print cost apart (NĐ 23/2015 Art. 15).

    `postage_vnd` is what the post takes for copies that are sent, `postage_support_vnd` what a province pays of it
    (contract.postage); both are part of the total.
    """

    state_fee_vnd: Vnd
    exemption_vnd: Vnd
    exemption_basis: Sentence
    print_cost_vnd: Vnd
    total_vnd: Vnd
    postage_vnd: Vnd = 0
    postage_support_vnd: Vnd = 0
    postage_support_basis: Sentence = ""


class CertifyRequest(Message, tag="certify", frozen=True, kw_only=True):
    """Ask for a certified copy of the drafted paper.

    `deliver_to` says where it goes besides the kiosk, one destination of a kind; of copies that go by post the kiosk
    prints none. Who has the code of the receipt, whose hash is `follow_sha256`, is told how far they have come.
    """

    draft: BlobRef
    pages: Annotated[int, Meta(ge=1, le=MAX_PAGES)]
    copies: Annotated[int, Meta(ge=0, le=100)]
    electronic: bool
    kind: Name
    title: Sentence
    requester_name: Name
    facts: tuple[ReadFact, ...] = ()
    findings: tuple[ReadFinding, ...] = ()
    quote: QuoteLine
    paid_vnd: Vnd
    legal_mode: LegalMode
    legal_decision: Name
    presented: Presented
    scanned_at: Moment
    priority: Priority = Priority.NONE
    identity: IdentityCheck | None = None
    deliver_to: Annotated[tuple[Destination, ...], Meta(max_length=4)] = ()
    follow_sha256: Sha256Hex | None = None


class CollectRequest(Message, tag="collect", frozen=True, kw_only=True):
    """Ask for chunks of a tail that the hub holds for an earlier request."""

    blob: BlobRef
    missing: Annotated[tuple[int, ...], Meta(max_length=1024)]


class RedeemRequest(Message, tag="redeem", frozen=True, kw_only=True):
    """Ask whether a voucher may be paid with; the hub marks it used for this request alone."""

    code: Annotated[str, Meta(min_length=1, max_length=1000)]


class TransferRequest(Message, tag="transfer", frozen=True, kw_only=True):
    """Announce that a citizen will be shown a VietQR code for this sum; the request's own id stands for the order.

    `reference` is what the citizen's bank writes beside the transfer, `TRAM` and twelve letters of the visit's id.
    """

    reference: Annotated[str, Meta(pattern="^TRAM[0-9A-HJKMNP-TV-Z]{12}$")]
    amount_vnd: PaidVnd
    valid_until: Moment


class BundleRequest(Message, tag="bundle", frozen=True, kw_only=True):
    """Ask the hub to take a bundle of logs that the job `job` collected; it travels like a draft."""

    job: Ulid
    blob: BlobRef


class EvidenceRequest(Message, tag="evidence", frozen=True, kw_only=True):
    """Ask the hub to take the sealed evidence that `identity` of the certify request `request` names.

    It travels like a draft, and is taken until the paper is decided.
    """

    request: Ulid
    blob: BlobRef


class HelpRequest(Message, tag="help", frozen=True, kw_only=True):
    """A citizen wants a person; `scene` is what the screen shows. Repeated until somebody has taken the call up."""

    scene: Name


class JudgeRequest(Message, tag="judge", frozen=True, kw_only=True):
    """Ask what a certified copy that lies at the kiosk is worth, by the text of its QR code."""

    code: Annotated[str, Meta(min_length=1, max_length=1024)]


class WalletPaper(StrEnum):
    """A paper that a citizen may have on VNeID, where it counts as presented (NĐ 69/2024/NĐ-CP)."""

    IDENTITY = "IDENTITY"
    LICENCE = "LICENCE"
    VEHICLE = "VEHICLE"
    INSURANCE = "INSURANCE"


class NeedRequest(Message, tag="need", frozen=True, kw_only=True):
    """Ask VNeID whether the citizen has a paper there, so that no copy is needed (DOMAIN F32).

    `code` is the text of the QR code that the citizen's own VNeID shows and they hold out; it says who they are to
    VNeID alone, and lasts a minute.
    """

    paper: WalletPaper
    code: Annotated[str, Meta(min_length=8, max_length=1000, pattern=_TEXT)]


class DigitiseRequest(Message, tag="digitise", frozen=True, kw_only=True):
    """Ask the hub to file a digitised paper of the dossier `dossier`, which has `documents` papers in all.

    The draft travels as that of a copy. `pages_counted` is the citizen's count, `pages` what was scanned and is in the
    draft. `secret_sha256` is of the secret on the citizen's receipt. The metadata carry no code: the hub allots it.
    """

    draft: BlobRef
    dossier: Ulid
    procedure: Name
    component: Name
    documents: Annotated[int, Meta(ge=1, le=100)]
    kind: Name
    condition: Condition
    pages_counted: Annotated[int, Meta(ge=1, le=MAX_PAGES)]
    pages: Annotated[int, Meta(ge=1, le=MAX_PAGES)]
    metadata: Metadata
    secret_sha256: Sha256Hex
    digitised_at: Moment


class TicketRequest(Message, tag="ticket", frozen=True, kw_only=True):
    """Tell that a kiosk has given somebody a number; the hub merges it by the time of issue.

    The request's own id is the ticket's, and the secret in the address under which its holder follows it.
    """

    service: ServiceCode
    number: QueueNumber
    issued_at: Moment
    priority: Priority = Priority.NONE


class CheckInRequest(Message, tag="check-in", frozen=True, kw_only=True):
    """Say that whoever has booked a place under this code, or was called and not there, stands at the kiosk."""

    code: BookingCode
    at: Moment


Request = (
    CertifyRequest
    | CollectRequest
    | RedeemRequest
    | TransferRequest
    | BundleRequest
    | EvidenceRequest
    | HelpRequest
    | JudgeRequest
    | NeedRequest
    | DigitiseRequest
    | TicketRequest
    | CheckInRequest
)


class PrintedFact(Message, tag="printed", frozen=True, kw_only=True):
    """What became of the sheets of a signed copy."""

    request: Ulid
    outcome: PrintOutcome
    sheets: Count


class HandedOverFact(Message, tag="handed-over", frozen=True, kw_only=True):
    """The citizen has the copies (or left with a receipt that collects them)."""

    request: Ulid
    paper_copies: Count
    electronic: bool


class LinkFact(Message, tag="link", frozen=True, kw_only=True):
    """The citizen was shown an address under which the hub gives the electronic copy out, once.

    `token_sha256` is the hash of the random token in the address; the token itself only the citizen has.
    """

    request: Ulid
    token_sha256: Sha256Hex
    valid_until: Moment


class SettledFact(Message, tag="settled", frozen=True, kw_only=True):
    """The money of a visit has come to rest."""

    request: Ulid
    received_vnd: Vnd
    kept_vnd: Vnd
    returned_vnd: Vnd
    unknown_vnd: Vnd
    voucher_vnd: Vnd = 0


class PurgedFact(Message, tag="purged", frozen=True, kw_only=True):
    """The images of a visit are gone from the kiosk (R13)."""

    request: Ulid
    sha256: tuple[Sha256Hex, ...]


class VoucherFact(Message, tag="voucher", frozen=True, kw_only=True):
    """A voucher was made for money that could not be paid out; `request` is its own id."""

    request: Ulid
    amount_vnd: Vnd
    issued_at: Moment


class TransferFact(Message, tag="transfer", frozen=True, kw_only=True):
    """What a kiosk did with a transfer that it was told of: `taken` into its books, or left to the hub's list.

    `request` is the order's, `transaction` the bank's id of the transfer.
    """

    request: Ulid
    transaction: BankId
    amount_vnd: Vnd
    taken: bool


class Found(StrEnum):
    """What a person found out about money of which a kiosk could not know whose it is.

    Given back by a person; earned by the State or the operator; paid out by the machine after all; never in the
    machine; never held on the card.
    """

    RETURNED = "returned"
    FEE = "fee"
    PRINT = "print"
    CAME_OUT = "came-out"
    NEVER_IN = "never-in"
    NOT_HELD = "not-held"


class SettledByHandFact(Message, tag="settled-by-hand", frozen=True, kw_only=True):
    """A person has decided on money that a kiosk had left unknown; `request` is the decision's own id."""

    request: Ulid
    visit: Name
    amount_vnd: PaidVnd
    found: Found
    reason: Sentence
    decided_by: Name
    decided_at: Moment


class ClosingFact(Message, tag="closing", frozen=True, kw_only=True):
    """A collector took the cash; `request` is the closing's own id, `number` counts a kiosk's closings from 1.

    Books and devices as they were when the collection began at `until`: what the machine should have held
    (`expected_vnd`), what its tubes and its cassette with the coin box counted, and the difference between both.
    """

    request: Ulid
    number: Annotated[int, Meta(ge=1, le=1_000_000)]
    collector: Name
    since: Moment | None
    until: Moment
    finished_at: Moment
    left_before_vnd: NetVnd
    received_vnd: NetVnd
    returned_vnd: NetVnd
    fee_vnd: NetVnd
    print_vnd: NetVnd
    post_vnd: NetVnd = 0
    vouchers_given_vnd: NetVnd
    vouchers_taken_vnd: NetVnd
    unknown_vnd: NetVnd
    open_vnd: NetVnd
    expected_vnd: NetVnd
    tubes_vnd: Vnd
    cassette_vnd: Vnd
    difference_vnd: NetVnd
    collected_vnd: NetVnd
    left_vnd: NetVnd


class FeedbackFact(Message, tag="feedback", frozen=True, kw_only=True):
    """What a citizen thinks of the service; `request` is the feedback's own id.

    `face` goes from 1, the saddest, to 5. `about` is the certify request that it is about, None where the citizen stays
    unknown. Who asked for an answer has a tracking code, of which `code_sha256` is the hash (contract.tracking).
    """

    request: Ulid
    face: Annotated[int, Meta(ge=1, le=5)]
    words: Annotated[str, Meta(max_length=1000, pattern=_TEXT)]
    about: Ulid | None = None
    code_sha256: Sha256Hex | None = None
    written_at: Moment


class JobFact(Message, tag="job", frozen=True, kw_only=True):
    """How the remote job `request` stands at the kiosk.

    `step` grows with every fact of a job, so that one that comes late is known as such; nothing follows an end.
    """

    request: Ulid
    step: Annotated[int, Meta(ge=1, le=1000)]
    state: JobState
    percent: Annotated[int, Meta(ge=0, le=100)]
    detail: Sentence = ""


class HelpOverFact(Message, tag="help-over", frozen=True, kw_only=True):
    """Nobody is wanted any more: the call `request` was withdrawn, or is too old."""

    request: Ulid


class CheckInOverFact(Message, tag="check-in-over", frozen=True, kw_only=True):
    """The check-in `request` was not answered in time, and its holder was told so: it must leave no place behind."""

    request: Ulid


Fact = (
    PrintedFact
    | HandedOverFact
    | LinkFact
    | SettledFact
    | PurgedFact
    | VoucherFact
    | TransferFact
    | ClosingFact
    | SettledByHandFact
    | FeedbackFact
    | JobFact
    | HelpOverFact
    | CheckInOverFact
)


class SendChunks(Message, tag="send-chunks", frozen=True, kw_only=True):
    """The hub lacks these chunks of the draft."""

    missing: tuple[int, ...]


class Waiting(Message, tag="waiting", frozen=True, kw_only=True):
    """An officer will decide; `position` counts papers before this one."""

    position: Annotated[int, Meta(ge=0)]
    promised_at: Moment


class Certified(Message, tag="certified", frozen=True, kw_only=True):
    """Signed: the copy is draft + tail, whose hash must be `copy_sha256`."""

    copy_id: Ulid
    register_label: Name
    certifier: Name
    agency: Name
    signed_at: Moment
    level: Name
    verify_url: Sentence
    tail: BlobRef
    copy_sha256: Sha256Hex
    copy_pages: Annotated[int, Meta(ge=1)]


class NotCertified(Message, tag="not-certified", frozen=True, kw_only=True):
    """A person refused, in writing, with a ground (NĐ 23/2015 Art. 9)."""

    ground: Name
    text: Sentence
    decided_by: Name
    decided_at: Moment


class Rescan(Message, tag="rescan", frozen=True, kw_only=True):
    """The officer asks for page `page` again."""

    page: Annotated[int, Meta(ge=1)]
    text: Sentence


class Sending(Message, tag="sending", frozen=True, kw_only=True):
    """The chunks asked for are on their way."""

    chunks: Annotated[int, Meta(ge=0)]


class Redeemed(Message, tag="redeemed", frozen=True, kw_only=True):
    """The voucher is genuine and was not used before; it is used now."""

    voucher: Ulid
    amount_vnd: Vnd


class TransferAwaited(Message, tag="transfer-awaited", frozen=True, kw_only=True):
    """The hub knows the order now; transfers go to this account (`bank_bin` is the bank's six-digit number)."""

    bank_bin: Annotated[str, Meta(pattern="^[0-9]{6}$")]
    account: Annotated[str, Meta(pattern="^[0-9A-Za-z]{1,19}$")]
    account_name: Name


class Stored(Message, tag="stored", frozen=True, kw_only=True):
    """The hub has the whole bundle, or the whole evidence, on its disk."""


class HelpStands(Message, tag="help-stands", frozen=True, kw_only=True):
    """The call is on the operators' list; nobody has taken it up yet."""


class HelpTaken(Message, tag="help-taken", frozen=True, kw_only=True):
    """Somebody has taken the call up; `role` is what they are at the console."""

    role: Name
    at: Moment


class Queued(Message, tag="queued", frozen=True, kw_only=True):
    """The ticket stands in the line under `number`, `before` people before it; its address ends with `ticket`.

    `wait_s` is the estimated wait, None where the hub can't tell; `slot_at` the beginning of the booked slot.
    """

    ticket: Ulid
    service: ServiceCode
    number: QueueNumber
    before: Count
    wait_s: Seconds | None
    slot_at: Moment | None = None


class Rejected(Message, tag="rejected", frozen=True, kw_only=True):
    """The hub will not treat this message; `final` says that sending it again cannot help."""

    code: Name
    cause: Sentence
    remedy: Sentence
    final: bool = True


class Standing(StrEnum):
    """What a check of a copy comes to: the worst of its reasons."""

    VALID = "VALID"
    UNKNOWN = "UNKNOWN"
    INVALID = "INVALID"


class JudgedLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that register or seal say of a copy, under its heading in both languages."""

    vi: Name
    en: Name
    value: Sentence


class Judged(Message, tag="judged", frozen=True, kw_only=True):
    """What the copy is worth, why in sentences (`vi[i]` is `en[i]`), and what its paper must look like."""

    standing: Standing
    vi: tuple[Sentence, ...]
    en: tuple[Sentence, ...]
    lines: Annotated[tuple[JudgedLine, ...], Meta(max_length=20)] = ()


class Held(StrEnum):
    """Whether a paper is on VNeID: there, not there, the code held out is not valid any more, or nobody can tell."""

    THERE = "THERE"
    NOT_THERE = "NOT_THERE"
    STALE_CODE = "STALE_CODE"
    UNKNOWN = "UNKNOWN"


class NeedAnswered(Message, tag="need-answered", frozen=True, kw_only=True):
    """What VNeID says of the paper; `until` is its last day, None where it has none."""

    held: Held
    until: date | None = None


class Filed(Message, tag="filed", frozen=True, kw_only=True):
    """The hub holds the whole paper, in its archive and in every backup, under this code."""

    doc_code: Name


Reply = (
    SendChunks
    | Waiting
    | Certified
    | NotCertified
    | Rescan
    | Sending
    | Redeemed
    | TransferAwaited
    | Stored
    | HelpStands
    | HelpTaken
    | Judged
    | NeedAnswered
    | Queued
    | Filed
    | Rejected
)

FINAL_REPLIES = (
    Certified, NotCertified, Rescan, Redeemed, TransferAwaited, Stored, HelpTaken, Judged, NeedAnswered, Queued, Filed
)  # fmt: skip


class TransferNotice(Message, frozen=True, kw_only=True):
    """A transfer that has come to the account under the reference of this kiosk's order `request`."""

    request: Ulid
    transaction: BankId
    amount_vnd: PaidVnd
    booked_at: Moment


class RequestEnvelope(Message, frozen=True, kw_only=True):
    """What travels on `up/request/<kind>`."""

    v: int
    id: Ulid
    at: Moment
    body: Request


class FactEnvelope(Message, frozen=True, kw_only=True):
    """What travels on `up/fact/<kind>`."""

    v: int
    id: Ulid
    at: Moment
    body: Fact


class ReplyEnvelope(Message, frozen=True, kw_only=True):
    """What travels on `down/reply/<kind>`; `id` is the request's, empty where it could not be read."""

    v: int
    id: str
    at: Moment
    body: Reply


class TransferNoticeEnvelope(Message, frozen=True, kw_only=True):
    """What travels on `down/transfer`, again and again until the kiosk's TransferFact has come."""

    v: int
    body: TransferNotice


class Ack(Message, frozen=True, kw_only=True):
    """What travels on `down/ack`: facts that the hub has committed."""

    v: int
    ids: tuple[Ulid, ...]


class State(Message, frozen=True, kw_only=True):
    """What travels retained on `up/state`; the last will says offline.

    `start` counts the starts of the kiosk's program, `nonce` was drawn at this one; two machines of one identity are
    told apart by them. 0 and empty: the kiosk does not count.
    """

    v: int
    online: bool
    since: Moment
    version: Name
    legal_mode: LegalMode
    start: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    nonce: Annotated[str, Meta(pattern="^([0-9a-f]{32})?$")] = ""


class DeviceReading(Message, frozen=True, kw_only=True):
    """One device's line in telemetry, doctor and dashboard."""

    name: Name
    state: Name
    detail: Sentence
    remedy: Sentence
    since: Moment


class Telemetry(Message, frozen=True, kw_only=True):
    """What travels on `up/telemetry`; no personal data.

    `vitals` are figures under the names of `contract.vitals`; `unknown` says of a figure why it is not known here.
    """

    v: int
    at: Moment
    devices: Annotated[tuple[DeviceReading, ...], Meta(max_length=64)]
    vitals: Annotated[dict[Name, Figure], Meta(max_length=64)]
    service: Service = Service.IN_SERVICE
    unknown: Annotated[dict[Name, Sentence], Meta(max_length=64)] = msgspec.field(default_factory=dict)


def encode(message: Message) -> bytes:
    """Return the message as JSON bytes, fields in declared order."""
    return msgspec.json.encode(message)


def decode(kind: type[M], payload: bytes) -> M:
    """Return the message in `payload`; raise MalformedMessage naming the place and the fault."""
    try:
        message = msgspec.json.decode(payload, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise MalformedMessage(str(fault)) from fault
    version = getattr(message, "v", VERSION)
    if version != VERSION:
        raise MalformedMessage(f"version {version} is not spoken here, only {VERSION}")
    return message


def id_of(payload: bytes) -> str:
    """Return the id of a message that may otherwise be malformed, or an empty string."""
    try:
        return msgspec.json.decode(payload, type=_Identified).id[:26]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""


@cache
def _moments(kind: type[Message]) -> tuple[str, ...]:
    """Return the fields of a kind that hold a moment."""
    return tuple(name for name, hint in get_type_hints(kind).items() if datetime in (hint, *get_args(hint)))


class _Identified(Struct):
    id: str = ""
