"""What a certified copy that lies at a kiosk is worth: the same look as the public page's, in a message."""

from contract.messages import Judged, JudgedLine, JudgeRequest, RequestEnvelope
from hub.intake import answers
from hub.intake.answers import Outgoing
from hub.rooms import Hub, TrustSource
from hub.store.tables import Kiosk
from hub.verify import seals, trust, words
from hub.verify.recorded import on_paper, reasons, recorded
from hub.verify.values import standing_of

JUDGE = "judge"


def judge(hub: Hub, published: TrustSource | None, kiosk: Kiosk, envelope: RequestEnvelope) -> list[Outgoing]:
    """Return the answer on the copy whose code is asked about."""
    body = envelope.body
    assert isinstance(body, JudgeRequest)
    finding = seals.judge_text(body.code, trust.parse(published()) if published else None)
    found = recorded(hub, finding.seal) if finding.seal and not finding.reasons else None
    why = finding.reasons or tuple(reasons(found))
    told = [words.REASONS[reason] for reason in why]
    lines = on_paper(hub, found, finding.seal) if found and finding.seal else ()
    said = Judged(
        standing=standing_of(why),
        vi=tuple(vi for vi, _ in told),
        en=tuple(en for _, en in told),
        lines=tuple(JudgedLine(vi=vi, en=en, value=value) for vi, en, value in lines),
    )
    return [answers.reply(hub.clock, kiosk.id, JUDGE, envelope.id, said)]
