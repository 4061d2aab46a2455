"""What a kiosk reports as done; each is told until the hub has committed it."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from contract.messages.values import (
    TEXT_PATTERN,
    BankId,
    Count,
    JobState,
    Message,
    Moment,
    Name,
    NetVnd,
    PaidVnd,
    PrintOutcome,
    Sentence,
    Sha256Hex,
    Ulid,
    Vnd,
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
    words: Annotated[str, Meta(max_length=1000, pattern=TEXT_PATTERN)]
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
