import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import messages as m

ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV"
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
QUOTE = m.QuoteLine(state_fee_vnd=2000, exemption_vnd=0, exemption_basis="", print_cost_vnd=1000, total_vnd=3000)


def certify(**changes: object) -> m.CertifyRequest:
    fields: dict[str, object] = {
        "draft": m.BlobRef(sha256="a" * 64, size_bytes=70_000),
        "pages": 1,
        "copies": 1,
        "electronic": True,
        "kind": "QUYET_DINH",
        "title": "Quyết định về việc thử",
        "requester_name": "Đặng Thị Ửng",
        "quote": QUOTE,
        "paid_vnd": 3000,
        "legal_mode": m.LegalMode.PILOT_REMOTE,
        "legal_decision": "00/QĐ-MẪU",
        "presented": m.Presented.KIOSK_BED_CAMERA,
        "scanned_at": AT,
    }
    return m.CertifyRequest(**(fields | changes))  # type: ignore[arg-type]


def envelope() -> dict[str, object]:
    body = m.RequestEnvelope(v=1, id=ID, at=AT, body=certify())
    decoded: dict[str, object] = json.loads(m.encode(body))
    return decoded


def test_a_request_survives_the_wire_with_its_diacritics():
    sent = m.RequestEnvelope(v=1, id=ID, at=AT, body=certify())
    assert m.decode(m.RequestEnvelope, m.encode(sent)) == sent


def test_the_same_request_is_the_same_bytes():
    assert m.encode(certify()) == m.encode(certify())


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"v": 2}, "version 2"),
        ({"id": "not-a-ulid"}, "$.id"),
        ({"surprise": 1}, "surprise"),
        ({"body": {"type": "certify"}}, "missing required field"),
        ({"body": {"type": "erase-register"}}, "erase-register"),
        ({"at": "yesterday"}, "$.at"),
    ],
)
def test_a_message_outside_the_contract_says_where(change, place):
    with pytest.raises(m.MalformedMessage, match=place.replace("$", r"\$")):
        m.decode(m.RequestEnvelope, json.dumps(envelope() | change).encode())


@pytest.mark.parametrize(
    "change",
    [{"pages": 0}, {"pages": 201}, {"copies": -1}, {"paid_vnd": -1}, {"draft": {"sha256": "A" * 64, "size_bytes": 1}},
     {"draft": {"sha256": "a" * 64, "size_bytes": m.MAX_DRAFT_BYTES + 1}}, {"legal_mode": "ANYTHING_GOES"}],
)  # fmt: skip
def test_values_out_of_range_are_refused(change):
    wire = envelope()
    body = wire["body"]
    assert isinstance(body, dict)
    with pytest.raises(m.MalformedMessage):
        m.decode(m.RequestEnvelope, json.dumps(wire | {"body": body | change}).encode())


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_decoder(payload):
    with pytest.raises(m.MalformedMessage):
        m.decode(m.RequestEnvelope, payload)
    assert isinstance(m.id_of(payload), str)


def test_the_id_of_a_malformed_message_is_still_readable():
    assert m.id_of(json.dumps({"id": ID, "body": 3}).encode()) == ID
    assert m.id_of(b"\xff\xfe") == ""
    assert m.id_of(b'{"id": 5}') == ""


def test_chunks_of_a_blob_match_the_topic_rule():
    assert m.BlobRef(sha256="a" * 64, size_bytes=65_537).chunks == 2
