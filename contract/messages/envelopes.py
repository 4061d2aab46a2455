"""What travels on each topic: who says it when, with what inside; state and telemetry."""

from typing import Annotated

import msgspec
from msgspec import Meta

from contract.messages.facts import Fact
from contract.messages.replies import Reply
from contract.messages.requests import Request
from contract.messages.values import BankId, Figure, LegalMode, Message, Moment, Name, PaidVnd, Sentence, Service, Ulid


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
