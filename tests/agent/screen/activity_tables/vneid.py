"""Asking VNeID whether a copy is needed."""

from datetime import date

from agent.screen.page.activities.vneid import ANSWER, ASKING, HOLD, PAPERS, Asked
from contract.messages import Held, WalletPaper

TABLE = {
    "papers": Asked(scene=PAPERS),
    "hold": Asked(scene=HOLD, paper=WalletPaper.LICENCE),
    "asking": Asked(scene=ASKING, paper=WalletPaper.LICENCE),
    "answer": Asked(scene=ANSWER, paper=WalletPaper.LICENCE, on_vneid=Held.THERE, until=date(2031, 5, 4)),
    "answer-no": Asked(scene=ANSWER, paper=WalletPaper.LICENCE, on_vneid=Held.NOT_THERE),
    "answer-stale": Asked(scene=ANSWER, paper=WalletPaper.LICENCE, on_vneid=Held.STALE_CODE),
    "answer-unknown": Asked(scene=ANSWER, paper=WalletPaper.LICENCE, on_vneid=Held.UNKNOWN),
}
BUILT_KEYS = tuple(f"vneid.{each}" for each in (*WalletPaper, *Held, *(f"{said}_more" for said in Held)))
