"""Whatever comes on a topic is answered with a reason or dropped; nothing crashes the intake."""

from datetime import timedelta

import pytest
from hub_doubles import KIOSK, PREPARING_KIOSK, KioskDouble, bodies, draft_pdf
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from contract import messages, topics
from contract.messages import Rejected, ReplyEnvelope, Telemetry
from hub.rooms import Hub
from hub.store.tables import LastSeen


def refusal(kiosk: KioskDouble, topic: str, payload: bytes) -> Rejected:
    (body,) = bodies(kiosk.intake.handle(topic, payload))
    assert isinstance(body, Rejected)
    return body


DEEP = [b'{"x":' + b"[" * 100_000, b'{"v":1,"body":' + b'{"a":' * 40_000, b'{"id":' * 40_000]


@pytest.mark.parametrize("payload", [b"", b"{", b"null", b"[]", b"\xff\xfe", b'{"v":1}', b'"text"', *DEEP])
@pytest.mark.parametrize("room", [("request", "certify"), ("fact", "printed"), ("state",), ("telemetry",)])
def test_malformed_payload_is_answered_with_its_cause(
    kiosk: KioskDouble, room: tuple[str, ...], payload: bytes
) -> None:
    assert refusal(kiosk, topics.up(KIOSK, *room), payload).code == "MALFORMED"


def test_other_version_is_named_in_the_answer(kiosk: KioskDouble) -> None:
    request_id, payload = kiosk.request(draft_pdf())
    (answer,) = kiosk.ask(payload.replace(b'"v":1', b'"v":2', 1))
    envelope = messages.decode(ReplyEnvelope, answer.payload)
    assert isinstance(envelope.body, Rejected)
    assert "version 2" in envelope.body.cause
    assert envelope.id == request_id


def test_body_of_another_kind_than_its_topic_is_refused(kiosk: KioskDouble) -> None:
    _, payload = kiosk.request(draft_pdf())
    assert refusal(kiosk, topics.up(KIOSK, "request", "collect"), payload).code == "MALFORMED"


@pytest.mark.parametrize("room", ["wishes", "request", "blob", "fact/printed/now", "state/x/y"])
def test_topic_outside_the_contract_is_refused(kiosk: KioskDouble, room: str) -> None:
    assert refusal(kiosk, f"tram/v1/{KIOSK}/up/{room}", b"{}").code in ("UNKNOWN_TOPIC", "MALFORMED")


def test_answer_to_an_endless_topic_goes_where_a_broker_takes_it(kiosk: KioskDouble) -> None:
    (answer,) = kiosk.intake.handle(topics.up(KIOSK, "fact", "y" * 65_400), b"{}")
    assert answer.topic == topics.down(KIOSK, "reply", "fact")


@pytest.mark.parametrize("topic", ["", "tram/v1", "tram/v2/tram-01/up/state", "tram/v1/UPPER/up/state", "a/b/c/d/e"])
def test_topic_that_names_no_kiosk_is_dropped(kiosk: KioskDouble, topic: str) -> None:
    assert kiosk.intake.handle(topic, b"{}") == []


def test_full_disk_is_told_as_a_passing_fault(kiosk: KioskDouble, hub: Hub) -> None:
    kiosk.ask(kiosk.request(draft_pdf())[1])
    (hub.config.data_dir / "chunks").write_text("a file where the folder should be: every write fails")
    (body,) = bodies(kiosk.send_chunks(draft_pdf()))
    assert isinstance(body, Rejected)
    assert (body.code, body.final) == ("HUB_STORE", False)


def test_telemetry_of_many_is_kept_at_once_the_newest_of_each_and_every_bad_one_answered(
    kiosk: KioskDouble, hub: Hub
) -> None:
    def said(name: str, minute: int) -> tuple[str, bytes]:
        at = hub.clock.now() + timedelta(minutes=minute)
        return topics.up(name, "telemetry"), messages.encode(Telemetry(v=1, at=at, devices=(), vitals={"m": minute}))

    kiosk.intake.note([said(KIOSK, 2)])
    bad = (topics.up(PREPARING_KIOSK, "telemetry"), b"{}")
    answers = kiosk.intake.note([said(KIOSK, 3), bad, said(KIOSK, 1), said("tram-99", 1), said(PREPARING_KIOSK, 5)])
    assert [(each.topic.split("/")[2], body.code) for each, body in zip(answers, bodies(answers), strict=True)] == [
        (PREPARING_KIOSK, "MALFORMED"),
        ("tram-99", "KIOSK_UNKNOWN"),
    ]
    kiosk.intake.note([said(KIOSK, 2)])
    with hub.database.reading() as session:
        rows = session.scalars(select(LastSeen).order_by(LastSeen.kiosk))
        kept = {row.kiosk: messages.decode(Telemetry, row.payload).vitals["m"] for row in rows}
    assert kept == {KIOSK: 3, PREPARING_KIOSK: 5}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bytes_on_any_topic_never_raise(kiosk: KioskDouble, data: st.DataObject) -> None:
    _, good = kiosk.request(draft_pdf())
    at = data.draw(st.integers(0, len(good)))
    payload = data.draw(st.sampled_from([good[:at], good[at:], good[:at] + b"\x00" + good[at:]]) | st.binary())
    room = data.draw(st.sampled_from(["request/certify", "fact/printed", "state", f"blob/{'0' * 64}/0"]) | st.text())
    for answer in kiosk.intake.handle(f"tram/v1/{KIOSK}/up/{room}", payload):
        assert messages.decode(ReplyEnvelope, answer.payload).v == messages.VERSION
