"""Every kind that the kiosk knows has its name on the public page."""

from agent.reading.registry import UNKNOWN, all_kinds
from hub.verify.kinds import KINDS, kind_words


def test_public_page_names_every_kind_of_paper() -> None:
    assert set(KINDS) == {kind.code for kind in all_kinds()} - {UNKNOWN}


def test_kind_is_named_in_both_languages() -> None:
    assert kind_words("HOC_BA") == "Học bạ – school record"
    assert kind_words("NEWER") == "Giấy tờ khác – other paper"
