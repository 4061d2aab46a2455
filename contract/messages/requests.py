"""What a kiosk asks of its hub."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from contract.destinations import Destination
from contract.digital import Condition, Metadata
from contract.messages.values import (
    MAX_PAGES,
    TEXT_PATTERN,
    BlobRef,
    BookingCode,
    IdentityCheck,
    LegalMode,
    Message,
    Moment,
    Name,
    PaidVnd,
    Presented,
    Priority,
    QueueNumber,
    QuoteLine,
    ReadFact,
    ReadFinding,
    Sentence,
    ServiceCode,
    Sha256Hex,
    Ulid,
    Vnd,
)


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
    code: Annotated[str, Meta(min_length=8, max_length=1000, pattern=TEXT_PATTERN)]


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
