"""A kiosk's feedback on its way to the hub."""

from hub_doubles import KIOSK, KioskDouble

from contract import messages, topics
from contract.ids import new_ulid
from contract.messages import Ack, FactEnvelope, FeedbackFact, Rejected, ReplyEnvelope
from contract.tracking import code_hash
from hub.rooms import Hub


def said(hub: Hub, words: str = "", *, face: int = 4, code: str = "", about: str | None = None) -> FeedbackFact:
    """What a citizen said just now."""
    now = hub.clock.now()
    return FeedbackFact(
        request=new_ulid(now), face=face, words=words, about=about, written_at=now,
        code_sha256=code_hash(code) if code else None,
    )  # fmt: skip


def tell(hub: Hub, fact: FeedbackFact, *, kiosk: str = KIOSK, times: int = 1) -> Ack | Rejected:
    """Send it as the kiosk does; return the last answer."""
    payload = messages.encode(FactEnvelope(v=1, id=new_ulid(hub.clock.now()), at=hub.clock.now(), body=fact))
    for _ in range(times):
        (answer,) = KioskDouble(hub, kiosk).intake.handle(topics.up(kiosk, "fact", "feedback"), payload)
    if answer.topic.endswith("/ack"):
        return messages.decode(Ack, answer.payload)
    body = messages.decode(ReplyEnvelope, answer.payload).body
    assert isinstance(body, Rejected)
    return body
