"""Feedback."""

from agent.journeys.feedback import Given
from agent.screen.page.activities.feedback import FeedbackHeld
from contract.messages import PrintOutcome

_ADDRESS = "https://tram.example.vn/f/4T7K-9QXM-0C3D"
_CODE = FeedbackHeld(scene="thanks", face=2, given=Given(code="4T7K-9QXM-0C3D", address=_ADDRESS))
TABLE = {
    "faces": FeedbackHeld(scene="faces"),
    "words-empty": FeedbackHeld(scene="words", face=4),
    "words": FeedbackHeld(
        scene="words", face=2, words="Máy in kẹt giấy, tôi phải chờ rất lâu mà không có ai giúp.", wants_answer=True,
        request="01KC4T7K9QXM0123456789ABCD",
    ),
    "thanks": FeedbackHeld(scene="thanks", face=5, given=Given()),
    "thanks-code": _CODE,
    "thanks-printed": FeedbackHeld(scene="thanks", face=2, given=_CODE.given, slip=PrintOutcome.PRINTED),
    "thanks-unknown": FeedbackHeld(scene="thanks", face=2, given=_CODE.given, slip=PrintOutcome.UNKNOWN),
}  # fmt: skip
BUILT_KEYS = (
    *(f"feedback.face_{face}" for face in range(1, 6)),
    *(f"feedback.slip_{outcome}" for outcome in PrintOutcome),
)
