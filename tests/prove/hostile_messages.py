"""What a kiosk that somebody has taken over might send: topics, payloads, properties that break the contract."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from contract import messages, topics
from contract.ids import new_ulid
from contract.messages import FactEnvelope, LegalMode, MalformedMessage, RequestEnvelope, State, Telemetry

MOST_BYTES = 250_000
"""The broker takes packets of up to 262,144 bytes."""

AT = "2026-11-23T02:00:00Z"
ULID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
_HASH = "a" * 64
_QUOTE = dict.fromkeys(("state_fee_vnd", "exemption_vnd", "print_cost_vnd", "total_vnd"), 0) | {"exemption_basis": ""}
_CERTIFY = {
    "type": "certify", "draft": {"sha256": _HASH, "size_bytes": 70_000}, "pages": 1, "copies": 1, "electronic": True,
    "kind": "KHAI_SINH", "title": "Giấy", "requester_name": "Mẫu", "quote": _QUOTE, "paid_vnd": 0,
    "legal_mode": LegalMode.STAFFED_AT_OFFICE, "legal_decision": "", "presented": "COUNTER", "scanned_at": AT,
}  # fmt: skip
_SUMS = (
    "left_before_vnd received_vnd returned_vnd fee_vnd print_vnd vouchers_given_vnd vouchers_taken_vnd unknown_vnd "
    "open_vnd expected_vnd tubes_vnd cassette_vnd difference_vnd collected_vnd left_vnd"
)
_CLOSING = dict.fromkeys(_SUMS.split(), 0) | {
    "type": "closing", "request": ULID, "number": 1, "collector": "M", "since": AT, "until": AT, "finished_at": AT,
}  # fmt: skip
_BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("request", "certify"): _CERTIFY,
    ("request", "collect"): {"type": "collect", "blob": {"sha256": _HASH, "size_bytes": 9}, "missing": [0]},
    ("request", "redeem"): {"type": "redeem", "code": "X"},
    ("request", "transfer"): {
        "type": "transfer", "reference": "TRAM" + "0" * 12, "amount_vnd": 1, "valid_until": AT,
    },
    ("fact", "printed"): {"type": "printed", "request": ULID, "outcome": "PRINTED", "sheets": 1},
    ("fact", "settled"): {
        "type": "settled", "request": ULID, "received_vnd": 1, "kept_vnd": 1, "returned_vnd": 0, "unknown_vnd": 0,
    },
    ("fact", "purged"): {"type": "purged", "request": ULID, "sha256": [_HASH]},
    ("fact", "voucher"): {"type": "voucher", "request": ULID, "amount_vnd": 1, "issued_at": AT},
    ("fact", "closing"): _CLOSING,
}  # fmt: skip
_STATE = {"v": 1, "online": True, "since": AT, "version": "1", "legal_mode": "PILOT_REMOTE"}
_DEVICE = {"name": "scanner", "state": "READY", "detail": "", "remedy": "", "since": AT}
_TELEMETRY = {"v": 1, "at": AT, "devices": [_DEVICE], "vitals": {"disk_free_mb": 1.0}}
_POISON: tuple[Any, ...] = (
    None, True, -1, 0, 2**31, 2**63, 2**64, 10**30, 1.5, -1e308, "", "\x00", "a\x00b", "😀" * 3000, "x" * 100_000, [],
    [[]] * 999, "2026-11-23T02:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1969-12-31T00:00:00Z",
    {}, "../../etc/passwd", "'; DROP TABLE issue; --", "{{7*7}}", ULID.lower(), ULID * 9, ["certify"],
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """One message; `said` names its family."""

    said: str
    topic: str
    payload: bytes
    properties: Properties | None = None


class Fuzzer:
    """An endless source; the same seed gives the same messages but for their fresh ids."""

    def __init__(self, kiosk: str, chance: random.Random) -> None:
        self._kiosk, self._chance = kiosk, chance
        self._families: tuple[Callable[[], Hostile], ...] = (
            self._poisoned, self._poisoned, self._poisoned, self._cut, self._deep, self._garbage, self._other_topic,
            self._chunk, self._odd_topic, self._foreign, self._with_properties, self._refused_by_rule,
        )  # fmt: skip

    def __iter__(self) -> Iterator[Hostile]:
        """Yield messages for ever."""
        while True:
            yield self._chance.choice(self._families)()

    def valid(self) -> tuple[tuple[str, ...], dict[str, Any]]:
        """Return room and tree of a message that keeps the contract."""
        room = self._chance.choice([*_BODIES, ("state",), ("telemetry",)])
        if room == ("state",):
            return room, dict(_STATE)
        if room == ("telemetry",):
            return room, dict(_TELEMETRY)
        return room, {"v": 1, "id": new_ulid(datetime.now(UTC)), "at": AT, "body": dict(_BODIES[room])}

    def _poisoned(self) -> Hostile:
        """A message of the contract with one value, key or list spoilt."""
        while True:
            room, tree = self.valid()
            tree = msgspec.json.decode(msgspec.json.encode(tree))
            self._spoil(tree)
            payload = msgspec.json.encode(tree)
            if not keeps_contract(room, payload):
                return self._of("poisoned", room, payload)

    def _spoil(self, tree: dict[str, Any]) -> None:
        place = tree
        while (inner := [v for v in place.values() if isinstance(v, dict) and v]) and self._chance.random() < 0.7:
            place = self._chance.choice(inner)
        key = self._chance.choice(list(place))
        deed = self._chance.random()
        if deed < 0.1:
            del place[key]
        elif deed < 0.2:
            place[self._chance.choice(["x", "__class__", "\x00", "v" * 60_000])] = 1
        else:
            place[key] = self._chance.choice(_POISON)

    def _cut(self) -> Hostile:
        room, tree = self.valid()
        whole = msgspec.json.encode(tree)
        at = self._chance.randrange(len(whole) - 1)
        return self._of("cut", room, whole[:at])

    def _deep(self) -> Hostile:
        depth = self._chance.choice([200, 900, 5_000, 100_000])
        opened = self._chance.choice([b"[", b'{"a":', b'{"id":['])[:MOST_BYTES]
        nest = (opened * depth)[: MOST_BYTES // 2]
        before = self._chance.choice([b"", b'{"x":', b'{"v":1,"body":', b'{"v":1,"vitals":{"a":', b'{"id":'])
        return self._of("deep", self.valid()[0], before + nest + self._chance.choice([b"", b"]" * depth])[:100_000])

    def _garbage(self) -> Hostile:
        size = self._chance.choice([0, 1, 50, 5_000, MOST_BYTES])
        msgpack = msgspec.msgpack.encode(self.valid()[1])
        payload = self._chance.choice(
            [self._chance.randbytes(size), msgpack, b"\xff\xfe", b"null", b"NaN", b"[]", b" " * size, b'"' * size]
        )
        return self._of("garbage", self.valid()[0], payload)

    def _other_topic(self) -> Hostile:
        """A request or fact that keeps the contract, on the topic of another kind."""
        rooms = list(_BODIES)
        room = self._chance.choice(rooms)
        other = self._chance.choice([each for each in rooms if each != room])
        tree = {"v": 1, "id": new_ulid(datetime.now(UTC)), "at": AT, "body": _BODIES[room]}
        return self._of("other topic", other, msgspec.json.encode(tree))

    def _chunk(self) -> Hostile:
        sha = self._chance.choice([f"{self._chance.getrandbits(256):064x}", "..", "A" * 64, ""])
        number = self._chance.choice(["0", "999999", "-1", "1e3", "٣", ""])
        content = self._chance.randbytes(self._chance.choice([0, 10, topics.BLOB_CHUNK_BYTES]))
        return self._of("chunk", ("blob", sha, number), content)

    def _odd_topic(self) -> Hostile:
        room = self._chance.choice(
            [
                "x" * 65_000,
                "fact/" + "y" * 65_400,
                "request/" + "é" * 30_000,
                "/" * 150,
                "",
                "request",
                "state/a/b",
                "\u202e",
            ]
        )
        return self._of("odd topic", (room,), b"{}")

    def _foreign(self) -> Hostile:
        """What the broker itself must refuse: another's topics, the way down, the broker's own."""
        topic = self._chance.choice(
            [
                "tram/v1/tram-01/up/state",
                f"tram/v1/{self._kiosk}/down/ack",
                "$SYS/broker/version",
                "tram/v1",
                "homeassistant/x",
            ]
        )
        return Hostile(said="foreign", topic=topic, payload=msgspec.json.encode(_STATE))

    def _with_properties(self) -> Hostile:
        properties = Properties(PacketTypes.PUBLISH)
        properties.CorrelationData = self._chance.randbytes(self._chance.choice([0, 16, 60_000]))
        properties.ResponseTopic = self._chance.choice(["tram/v1/tram-01/down/ack", "a" * 60_000, "$share/hub/x"])
        properties.UserProperty = [("k" * 20, "v" * 20)] * self._chance.choice([1, 500])
        properties.MessageExpiryInterval = self._chance.choice([0, 2**32 - 1])
        properties.ContentType = "application/x-msgpack"
        spoilt = self._poisoned()
        return Hostile(said="properties", topic=spoilt.topic, payload=spoilt.payload[:50_000], properties=properties)

    def _refused_by_rule(self) -> Hostile:
        """Whole messages that only a rule refuses: another legal mode, a voucher or tail that is nobody's."""
        room = self._chance.choice([("request", "certify"), ("request", "collect"), ("request", "redeem")])
        tree = {"v": 1, "id": new_ulid(datetime.now(UTC)), "at": AT, "body": _BODIES[room]}
        return self._of("rule", room, msgspec.json.encode(tree))

    def _of(self, said: str, room: tuple[str, ...], payload: bytes) -> Hostile:
        return Hostile(said=said, topic=topics.up(self._kiosk, *room), payload=payload)


def keeps_contract(room: tuple[str, ...], payload: bytes) -> bool:
    """Return whether the hub should record the message, which a fuzzer is not to send."""
    kinds = {"request": RequestEnvelope, "fact": FactEnvelope, "state": State, "telemetry": Telemetry}
    try:
        messages.decode(kinds[room[0]], payload)  # type: ignore[type-var]
    except MalformedMessage:
        return False
    return True
