"""The values that messages are made of: bounded types, words of one list, and what several messages carry."""

from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Annotated, TypeVar, get_args, get_type_hints

from msgspec import Meta, Struct

from contract.topics import BLOB_CHUNK_BYTES

VERSION = 1
MAX_DRAFT_BYTES = 64 * 1024 * 1024
MAX_PAGES = 200

Sha256Hex = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Ulid = Annotated[str, Meta(pattern="^[0-7][0-9A-HJKMNP-TV-Z]{25}$")]
TEXT_PATTERN = r"^[^\x00]*$"
"""PostgreSQL keeps no NUL in a text."""

Name = Annotated[str, Meta(max_length=200, pattern=TEXT_PATTERN)]
Sentence = Annotated[str, Meta(max_length=2000, pattern=TEXT_PATTERN)]
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


@cache
def _moments(kind: type[Message]) -> tuple[str, ...]:
    """Return the fields of a kind that hold a moment."""
    return tuple(name for name, hint in get_type_hints(kind).items() if datetime in (hint, *get_args(hint)))


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
