"""What the hub asks a kiosk to do from afar: jobs, and the shadow (the configuration wanted, and that in effect).

A job's id is its idempotency key: a kiosk that hears it again does nothing. A shadow is one document with a version;
the kiosk takes it whole, or refuses it and names each key that it can't take.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from contract.messages import BlobRef, Message, Moment, Name, Sentence, Ulid

Setting = bool | int | Annotated[str, Meta(max_length=200)]
Version = Annotated[int, Meta(ge=1, le=2**31)]
Settings = Annotated[dict[Name, Setting], Meta(max_length=32)]
Refusals = Annotated[dict[Name, Sentence], Meta(max_length=32)]

Release = Annotated[str, Meta(pattern=r"^([0-9][0-9A-Za-z.+]{0,39})?$")]
"""A version of the program; empty for verbs that bring none."""

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a setting may be, in words; `refuses` says why a value can't be taken, empty where it can."""

    words: str
    refuses: Callable[[Setting], str]


def _whole(low: int, high: int) -> Known:
    def refuses(value: Setting) -> str:
        good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if good else f"{value!r} is not a whole number from {low} to {high}"

    return Known(words=f"{low}–{high}", refuses=refuses)


def _truth() -> Known:
    return Known(
        words="true, false",
        refuses=lambda value: "" if isinstance(value, bool) else f"{value!r} is neither true nor false",
    )


def _one_of(*values: str) -> Known:
    return Known(
        words=", ".join(f'"{value}"' for value in values),
        refuses=lambda value: "" if value in values else f"{value!r} is none of {', '.join(values)}",
    )


KNOWN_SETTINGS: Mapping[str, Known] = {
    "telemetry_every_s": _whole(10, 3600),
    "log_level": _one_of(*LOG_LEVELS),
    "pays_by_transfer": _truth(),
    "print_cost_per_page_vnd": _whole(0, 100_000),
}
"""The settings that a hub may want of kiosks of this program."""


class Verb(StrEnum):
    """What can be asked of a kiosk.

    `restart` waits until nobody is served, then starts the agent again; `drain` takes no new visits and is done when
    nobody is served any more; `out-of-service` takes no new visits from now on; `in-service` takes them again;
    `collect-logs` sends a bundle; `update-catalogue` takes the procedures in `blob` if they are signed and newer.
    `update` brings the version `release` into the kiosk's other slot, waits until nobody is served, and tries it.
    A kiosk that did not come to the end by the job's expiry goes back to what it was.
    """

    RESTART = "restart"
    DRAIN = "drain"
    OUT_OF_SERVICE = "out-of-service"
    IN_SERVICE = "in-service"
    COLLECT_LOGS = "collect-logs"
    UPDATE_CATALOGUE = "update-catalogue"
    UPDATE = "update"


class JobEnvelope(Message, frozen=True, kw_only=True):
    """What travels on `down/job`; nothing is begun after `expires_at`.

    `blob` is what the verb brings with it; the kiosk asks for its chunks by a CollectRequest. `release` is the version
    that `update` is to bring.
    """

    v: int
    id: Ulid
    at: Moment
    expires_at: Moment
    verb: Verb
    blob: BlobRef | None = None
    release: Release = ""


class ShadowDesired(Message, frozen=True, kw_only=True):
    """What travels retained on `down/shadow`; versions count up from 1 for each kiosk."""

    v: int
    version: Version
    at: Moment
    settings: Settings


class ShadowReported(Message, frozen=True, kw_only=True):
    """What travels retained on `up/shadow`.

    `version` is that of the document in effect (0: none yet); `refused_version` is that of the newest document where
    it was refused, else 0, and `refused` says for each key why.
    """

    v: int
    at: Moment
    version: Annotated[int, Meta(ge=0, le=2**31)]
    settings: Settings
    refused_version: Annotated[int, Meta(ge=0, le=2**31)] = 0
    refused: Refusals = msgspec.field(default_factory=dict)
