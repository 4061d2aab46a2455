"""The published description of the contract is that of the code, and says what the messages are."""

import json
from pathlib import Path
from typing import get_args

import pytest

from contract import asyncapi, topics
from contract.messages import Fact, Reply, Request

DOCUMENT = Path(__file__).parents[2] / "docs" / "asyncapi.json"


def test_committed_document_is_what_the_code_makes() -> None:
    remedy = "python -m contract.asyncapi > docs/asyncapi.json"
    assert json.loads(DOCUMENT.read_text(encoding="utf-8")) == json.loads(json.dumps(asyncapi.document())), remedy


@pytest.mark.parametrize("channel", asyncapi.CHANNELS, ids=lambda channel: channel.name)
def test_every_topic_of_a_kiosk_is_one_that_the_hub_takes_apart(channel: asyncapi.Channel) -> None:
    address = channel.address.format(kiosk="tram-01", kind="certify", sha256="0" * 64, n=3)
    if channel.action == "receive":
        assert address.startswith(topics.down("tram-01"))
        return
    parsed = topics.parse_up(address)
    assert parsed.kiosk == "tram-01"
    assert (parsed.blob is not None) == (channel.message is None)


@pytest.mark.parametrize("union", [Request, Fact, Reply], ids=["requests", "facts", "replies"])
def test_every_body_is_described(union: object) -> None:
    schemas = asyncapi.document()["components"]["schemas"]
    assert {member.__name__ for member in get_args(union)} <= set(schemas)


def test_references_lead_somewhere() -> None:
    document = asyncapi.document()

    def references(part: object) -> set[str]:
        if isinstance(part, dict):
            found = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
            return found.union(*(references(each) for each in part.values()))
        return set().union(*(references(each) for each in part)) if isinstance(part, list) else set()

    def leads_somewhere(reference: str) -> bool:
        place = document
        for step in reference.removeprefix("#/").split("/"):
            if step not in place:
                return False
            place = place[step]
        return True

    found = references(json.loads(json.dumps(document)))
    assert found and [each for each in found if not leads_somewhere(each)] == []
