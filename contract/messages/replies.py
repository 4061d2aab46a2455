"""What the hub answers to a request."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from contract.messages.values import (
    BlobRef,
    Count,
    Message,
    Moment,
    Name,
    QueueNumber,
    Seconds,
    Sentence,
    ServiceCode,
    Sha256Hex,
    Ulid,
    Vnd,
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

    `wait_s` is the estimated wait, None where the hub can't tell; told as `contract.waits` tells it, the range from
    `wait_from_s` to `wait_to_s` holds four times out of five. `slot_at` is the beginning of the booked slot.
    """

    ticket: Ulid
    service: ServiceCode
    number: QueueNumber
    before: Count
    wait_s: Seconds | None
    wait_from_s: Seconds | None = None
    wait_to_s: Seconds | None = None
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
