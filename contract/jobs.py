"""What the hub asks a kiosk to do from afar: jobs, and the shadow (the configuration wanted, and that in effect).

A job's id is its idempotency key: a kiosk that hears it again does nothing. A shadow is one document with a version;
the kiosk takes it whole, or refuses it and names each key that it can't take.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from contract.messages import Message, Name, Sentence, Ulid

Setting = bool | int | Annotated[str, Meta(max_length=200)]
Version = Annotated[int, Meta(ge=1, le=2**31)]
Settings = Annotated[dict[Name, Setting], Meta(max_length=32)]
Refusals = Annotated[dict[Name, Sentence], Meta(max_length=32)]


KNOWN_SETTINGS: Mapping[str, str] = {
    "telemetry_every_s": "10–3600",
    "log_level": '"DEBUG", "INFO", "WARNING", "ERROR"',
    "pays_by_transfer": "true, false",
    "print_cost_per_page_vnd": "0–100000",
}
"""The keys of a shadow that kiosks of this program take, with what they may be."""


class Verb(StrEnum):
    """What can be asked of a kiosk.

    `restart` waits until nobody is served, then starts the agent again; `drain` takes no new visits and is done when
    nobody is served any more; `out-of-service` takes no new visits from now on; `in-service` takes them again;
    `collect-logs` sends a bundle. A kiosk that did not come to the end by the job's expiry goes back to what it was.
    """

    RESTART = "restart"
    DRAIN = "drain"
    OUT_OF_SERVICE = "out-of-service"
    IN_SERVICE = "in-service"
    COLLECT_LOGS = "collect-logs"


class JobEnvelope(Message, frozen=True, kw_only=True):
    """What travels on `down/job`; nothing is begun after `expires_at`."""

    v: int
    id: Ulid
    at: datetime
    expires_at: datetime
    verb: Verb


class ShadowDesired(Message, frozen=True, kw_only=True):
    """What travels retained on `down/shadow`; versions count up from 1 for each kiosk."""

    v: int
    version: Version
    at: datetime
    settings: Settings


class ShadowReported(Message, frozen=True, kw_only=True):
    """What travels retained on `up/shadow`.

    `version` is that of the document in effect (0: none yet); `refused_version` is that of the newest document where
    it was refused, else 0, and `refused` says for each key why.
    """

    v: int
    at: datetime
    version: Annotated[int, Meta(ge=0, le=2**31)]
    settings: Settings
    refused_version: Annotated[int, Meta(ge=0, le=2**31)] = 0
    refused: Refusals = msgspec.field(default_factory=dict)
