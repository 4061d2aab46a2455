"""The contract as an AsyncAPI 3.0 document, made from the messages themselves: `python -m contract.asyncapi > FILE`.

Whoever builds another kiosk, hub or dashboard reads docs/asyncapi.json; a test keeps it equal to the code.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from contract import messages, topics
from contract.jobs import JobEnvelope, ShadowDesired, ShadowReported
from contract.messages import (
    Ack,
    FactEnvelope,
    Message,
    ReplyEnvelope,
    RequestEnvelope,
    State,
    Telemetry,
    TransferNoticeEnvelope,
)
from contract.topics import BLOB_CHUNK_BYTES, PREFIX

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One kind of topic: `message` is its JSON, or None for raw bytes; `answer` names the channel of its replies."""

    name: str
    address: str
    summary: str
    message: type[Message] | None
    retained: bool = False
    answer: str = ""

    @property
    def action(self) -> Literal["send", "receive"]:
        """What a kiosk does there."""
        return "send" if "/up/" in self.address else "receive"


_KIOSK = "{kiosk}"
CHANNELS = (
    Channel(
        name="state",
        address=topics.up(_KIOSK, "state"),
        summary="Whether the kiosk is there; the broker sends the last will when it falls silent.",
        message=State,
        retained=True,
    ),
    Channel(
        name="telemetry",
        address=topics.up(_KIOSK, "telemetry"),
        summary="Devices and vitals every minute; no personal data, not kept while offline.",
        message=Telemetry,
    ),
    Channel(
        name="reportedShadow",
        address=topics.up(_KIOSK, "shadow"),
        summary="The version of the shadow in effect, or the keys for which a newer one was refused.",
        message=ShadowReported,
        retained=True,
    ),
    Channel(
        name="request",
        address=topics.up(_KIOSK, "request", "{kind}"),
        summary="Asks for something; the same id with the same bytes has one effect and gets the same answer.",
        message=RequestEnvelope,
        answer="reply",
    ),
    Channel(
        name="fact",
        address=topics.up(_KIOSK, "fact", "{kind}"),
        summary="Tells what happened; repeated until the hub acknowledges after its own commit.",
        message=FactEnvelope,
        answer="ack",
    ),
    Channel(
        name="draftChunk",
        address=topics.up(_KIOSK, "blob", "{sha256}", "{n}"),
        summary=f"Chunk n of a draft, sealed evidence or a bundle of logs, {BLOB_CHUNK_BYTES} bytes but for the last.",
        message=None,
    ),
    Channel(
        name="reply",
        address=topics.down(_KIOSK, "reply", "{kind}"),
        summary="Answers a request by its id; may come again with a later state.",
        message=ReplyEnvelope,
    ),
    Channel(
        name="ack",
        address=topics.down(_KIOSK, "ack"),
        summary="Facts that the hub has committed.",
        message=Ack,
    ),
    Channel(
        name="transfer",
        address=topics.down(_KIOSK, "transfer"),
        summary="Tells of a bank transfer for an order of the kiosk; repeated until its fact `transfer` has come.",
        message=TransferNoticeEnvelope,
    ),
    Channel(
        name="job",
        address=topics.down(_KIOSK, "job"),
        summary="A remote verb; the same id is done once. Repeated until its first fact `job` has come.",
        message=JobEnvelope,
    ),
    Channel(
        name="desiredShadow",
        address=topics.down(_KIOSK, "shadow"),
        summary="The configuration wanted; taken whole or refused by name, never one older than that in effect.",
        message=ShadowDesired,
        retained=True,
    ),
    Channel(
        name="tailChunk",
        address=topics.down(_KIOSK, "blob", "{sha256}", "{n}"),
        summary=f"Chunk n of a tail (what the hub appends to a draft), {BLOB_CHUNK_BYTES} bytes but for the last.",
        message=None,
    ),
)

_PARAMETERS: Mapping[str, str] = {
    "kiosk": "The common name of the kiosk's client certificate.",
    "kind": "The tag of the body (`type`).",
    "sha256": "SHA-256 of the whole, hexadecimal.",
    "n": "The number of the chunk, from 0.",
}


def document() -> Schema:
    """Return the AsyncAPI document; operations are seen from the kiosk."""
    kinds = [channel.message for channel in CHANNELS if channel.message is not None]
    _, schemas = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Trạm: kiosk and hub",
            "version": str(messages.VERSION),
            "description": f"MQTT 5 over mutual TLS; a kiosk writes {PREFIX}/<id>/up/# and reads {PREFIX}/<id>/down/#.",
        },
        "defaultContentType": "application/json",
        "servers": {"broker": {"host": "broker.example:8883", "protocol": "secure-mqtt", "protocolVersion": "5.0"}},
        "channels": {channel.name: _channel(channel) for channel in CHANNELS},
        "operations": {f"{channel.action}-{channel.name}": _operation(channel) for channel in CHANNELS},
        "components": {
            "messages": {channel.name: _message(channel) for channel in CHANNELS},
            "schemas": _with_plain_discriminators(schemas),
        },
    }


def _channel(channel: Channel) -> Schema:
    names = [part[1:-1] for part in channel.address.split("/") if part.startswith("{")]
    return {
        "address": channel.address,
        "description": channel.summary,
        "parameters": {name: {"description": _PARAMETERS[name]} for name in names},
        "messages": {channel.name: {"$ref": f"#/components/messages/{channel.name}"}},
    }


def _operation(channel: Channel) -> Schema:
    told: Schema = {
        "action": channel.action,
        "channel": {"$ref": f"#/channels/{channel.name}"},
        "bindings": {"mqtt": {"qos": 1, "retain": channel.retained}},
    }
    if channel.answer:
        told["reply"] = {"channel": {"$ref": f"#/channels/{channel.answer}"}}
    return told


def _message(channel: Channel) -> Schema:
    if channel.message is None:
        return {"contentType": "application/octet-stream", "payload": {"type": "string", "format": "binary"}}
    return {"payload": {"$ref": f"#/components/schemas/{channel.message.__name__}"}}


def _with_plain_discriminators(part: Any) -> Any:
    """AsyncAPI names only the property that tells bodies apart, where OpenAPI (and msgspec) also maps its values."""
    if isinstance(part, list):
        return [_with_plain_discriminators(each) for each in part]
    if not isinstance(part, dict):
        return part
    plain = {name: _with_plain_discriminators(each) for name, each in part.items()}
    if isinstance(told := plain.get("discriminator"), dict) and "propertyName" in told:
        plain["discriminator"] = told["propertyName"]
    return plain


def main() -> None:
    """Print the document."""
    sys.stdout.buffer.write(msgspec.json.format(msgspec.json.encode(document()), indent=1) + b"\n")


if __name__ == "__main__":
    main()
