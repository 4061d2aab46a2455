"""Every scene has a voice: heading, lead and choices in the screen's language, and what is private marked so."""

import html
import re
from dataclasses import replace

import pytest
from scene_table import CERTIFIED, TABLE, VISIT, liked

from agent.screen.page.drawing import fragment
from agent.screen.voice.utterances import utterances
from agent.screen.voice.wording import spoken

BOTH = pytest.mark.parametrize("language", ["vi", "en"])
EVERY = pytest.mark.parametrize("name", TABLE)


def plain(markup: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", markup)).split())


@BOTH
@EVERY
def test_no_scene_is_silent_and_each_says_its_heading_and_its_choices(name: str, language: str) -> None:
    shown = liked(TABLE[name], language=language)
    drawn = fragment(shown)
    stage = (
        drawn[drawn.index('<div id="over"') :]
        if shown.state.over
        else drawn[drawn.index("<main") : drawn.index("</main>")]
    )
    said = " | ".join(each.text for each in utterances(shown))
    headings = re.findall(r"<h1[^>]*>(.*?)</h1>", stage, re.DOTALL)
    buttons = re.findall(r"<button[^>]*?( disabled)?><b>(.*?)</b>", stage, re.DOTALL)
    choices = [words for disabled, words in buttons if not disabled]
    assert said
    for each in (*headings, *choices):
        assert spoken(plain(each), language) in said  # type: ignore[arg-type]


@EVERY
def test_nothing_is_said_in_the_other_language(name: str) -> None:
    words = " ".join(each.text for each in utterances(liked(TABLE[name], language="en")))
    assert "Nút:" not in words and "Chạm" not in words


def test_what_is_the_citizens_own_is_for_a_headset_alone() -> None:
    own = {
        "name": "Nguyễn Thị Hường",
        "who-look": "Nguyễn Thị Hường",
        "officer": spoken(f"{VISIT[-8:-4]}-{VISIT[-4:]}", "vi"),
    }
    for name, secret in own.items():
        said = utterances(TABLE[name])
        assert any(secret in each.text for each in said if each.private), name
        assert not any(secret in each.text for each in said if not each.private), name


def test_what_is_public_is_said_to_all() -> None:
    open_words = " ".join(each.text for each in utterances(TABLE["end-HANDED_OVER"]) if not each.private)
    assert CERTIFIED.certifier.split()[0] in open_words
    assert "ba nghìn đồng" in " ".join(each.text for each in utterances(TABLE["pay-cash"]) if not each.private)


def test_a_hidden_key_or_a_button_that_cannot_be_touched_is_not_said() -> None:
    empty = replace(TABLE["name"], state=replace(TABLE["name"].state, name=""))
    said = [each.text for each in utterances(empty)]
    assert not any(each.startswith("Nút:") for each in said) and not any(each == "Q" for each in said)
