"""Whether the kiosk is genuine."""

from agent.screen.page.activities.genuine import ANSWER, ASK, GenuineHeld

_ADDRESS = "HTTPS://TRAM.EXAMPLE.VN/GENUINE/" + "3QBWAQ4BKR2FGVCL" * 18
TABLE = {
    "ask": GenuineHeld(scene=ASK),
    "ask-typed": GenuineHeld(scene=ASK, digits="482913"),
    "answer": GenuineHeld(scene=ANSWER, digits="482913", address=_ADDRESS),
}
BUILT_KEYS = ()
