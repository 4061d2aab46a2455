"""Practice: the moments of a copy made of nothing, so that one can try the way; no device moves, nothing is kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from agent.journeys import sentences
from agent.journeys.certify import CERTIFY
from agent.journeys.endings import DELIVERED, Ending
from agent.journeys.values import Paper, Way
from agent.ledger.money import Balance
from agent.screen.paying import PayView, WayView
from agent.screen.view import VisitView
from contract.messages import QuoteLine

NAME: Final = "Nguyễn Văn Mẫu"
"""Who practises is called so until they type another name."""

_VISIT: Final = "01JDCZ9VXK3M5Q7R9T1AMTH000"
_NOTHING: Final = Balance(
    received_vnd=0, returned_vnd=0, escrow_vnd=0, owed_vnd=0, kept_vnd=0, voucher_vnd=0, unknown_vnd=0, by_hand_vnd=0
)  # fmt: skip
_OVER: Final = (
    "Bạn đã làm thử xong. Không có bản sao nào được làm.",
    "You have tried the whole way. No copy was made.",
)
_NOTHING_IN: Final = ("Lúc làm thử không cần đưa giấy.", "No paper is needed to practise.")
_NOTHING_PAID: Final = ("Không thu tiền.", "Nothing was charged.")


def moment(place: int, pages: int, price: QuoteLine, now: datetime) -> VisitView:
    """Return the made-up view at `place`, 1 to MOMENTS, for a paper of so many pages at this price."""
    step, more = _WAY[place - 1]
    vi, en = sentences.of_step(step)
    paper = Paper(kind="", title="Giấy mẫu", pages=pages, forbidden=False)
    values: dict[str, Any] = dict.fromkeys(VisitView.__struct_fields__) | {
        "visit": _VISIT, "journey": CERTIFY, "step": step, "vi": vi, "en": en, "since": now, "opened_at": now,
        "paper": paper, "quote": price, "balance": _NOTHING,
    }  # fmt: skip
    return VisitView(**(values | more(price, now)))


def _plain(price: QuoteLine, now: datetime) -> dict[str, Any]:
    return {}


def _reading(price: QuoteLine, now: datetime) -> dict[str, Any]:
    return {"quote": None}


def _paying(price: QuoteLine, now: datetime) -> dict[str, Any]:
    vi, en = sentences.WAYS[Way.CASH]
    cash = WayView(way=Way.CASH, vi=vi, en=en, is_chosen=True, out=None)
    pay = PayView(
        due_vnd=price.total_vnd, ways=(cash,), welcome_vnd=(1_000, 2_000, 5_000, 10_000), change_vnd=0,
        gives_change=True, presents_card=False, code=None, says=None, notice=None,
    )  # fmt: skip
    return {"pay": pay}


def _ended(price: QuoteLine, now: datetime) -> dict[str, Any]:
    ending = Ending(
        code=next(iter(DELIVERED)), vi=_OVER[0], en=_OVER[1], paper_vi=_NOTHING_IN[0], paper_en=_NOTHING_IN[1],
        money_vi=_NOTHING_PAID[0], money_en=_NOTHING_PAID[1], register_label="", verify_url="",
    )  # fmt: skip
    return {"vi": _OVER[0], "en": _OVER[1], "closed_at": now, "ending": ending}


_WAY: Final[tuple[tuple[str, Callable[[QuoteLine, datetime], dict[str, Any]]], ...]] = (
    ("read 1", _reading),
    ("pay", _paying),
    ("officer 1", _plain),
    ("print 1", _plain),
    ("hand over", _plain),
    ("end", _ended),
)
MOMENTS: Final = len(_WAY)
