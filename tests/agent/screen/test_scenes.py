"""Every scene in both languages: it draws, says what it must always say, and has no empty or foreign place."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest
from scene_table import ACTIVITY_TABLES, CERTIFIED, FACTS, TABLE, liked

from agent.journeys.values import Way
from agent.screen.page import drawing, practice, scenes
from agent.screen.page.drawing import FOLDER, fragment, page, strings
from agent.screen.page.routes import HEADERS
from agent.screen.page.scenes import Step
from agent.screen.page.state import Deed, Form, Where
from contract.messages import LegalMode
from contract.words import read

TEMPLATES = "\n".join(path.read_text(encoding="utf-8") for path in (FOLDER / "templates").rglob("*.html"))
BOTH = pytest.mark.parametrize("language", ["vi", "en"])
EVERY = pytest.mark.parametrize("name", TABLE)


def drawn(name: str, language: str) -> str:
    return fragment(liked(TABLE[name], language=language))


def root(html: str) -> ElementTree.Element:
    """The fragment as a tree; a tag that is left open is an error here."""
    closed = re.sub(r"<(br|meta|link)([^>]*)>", r"<\1\2/>", html)
    closed = re.sub(r"\s(hidden|disabled|data-enter|data-typing|data-reader|data-private)(?=[\s>])", r' \1=""', closed)
    return ElementTree.fromstring(closed.replace("&nbsp;", " "))


@BOTH
@EVERY
def test_a_scene_is_whole_and_each_button_sends_a_deed_that_is_known(name: str, language: str) -> None:
    tree = root(drawn(name, language))
    assert tree.get("lang") == language
    ids = [each.get("id") for each in tree.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    buttons = list(tree.iter("button"))
    assert all(each.get("data-do") in set(Deed) for each in buttons)
    assert all("".join(each.itertext()).strip() for each in buttons)
    assert len(tree.findall(".//h1")) >= 1


@EVERY
def test_language_help_and_comfort_are_always_there_and_a_way_on(name: str) -> None:
    html = drawn(name, "vi")
    for do in (Deed.CALL, Deed.VEIL, Deed.LANGUAGE, Deed.ZOOM, Deed.CONTRAST, Deed.REACH):
        assert f'data-do="{do}"' in html
    shown = TABLE[name]
    if shown.steps:
        assert 'aria-current="step"' in html
        assert strings()("foot.cost").vi in html and strings()("foot.paper").vi in html


@EVERY
def test_the_two_languages_differ_in_every_heading(name: str) -> None:
    headings = [[each.text for each in root(drawn(name, language)).iter("h1")] for language in ("vi", "en")]
    assert headings[0] != headings[1]


def test_there_is_a_template_and_a_row_for_each_scene() -> None:
    scenes = {path.stem for path in (FOLDER / "templates/scenes").glob("*.html")} - {"count"}
    activities = FOLDER / "templates/activities"
    files = {path.relative_to(activities).with_suffix("").as_posix() for path in activities.rglob("[!_]*.html")}
    assert scenes | files == {shown.name for shown in TABLE.values()}
    assert set(Where) <= scenes


def test_what_is_said_of_the_money_is_the_views() -> None:
    html = drawn("pay-cash-part", "vi")
    assert "3.000\N{NO-BREAK SPACE}đ" in html and "1.000\N{NO-BREAK SPACE}đ" in html
    for way in Way:
        assert f'data-value="{way}"' in html
    assert "0011001234567" in drawn("pay-transfer", "vi")
    assert TABLE["receipt"].price is None


@pytest.mark.parametrize(
    ("name", "cost"),
    [
        ("end-CANCELLED", "Không thu tiền"),
        ("end-NOT_READ", "Không thu tiền"),
        (f"practice-{practice.MOMENTS}", "Không thu tiền"),
        ("end-HANDED_OVER", "3.000\N{NO-BREAK SPACE}đ"),
        ("end-NEEDS_A_PERSON", "Công chức kiểm tra"),
    ],
)
def test_the_foot_of_a_visit_that_is_over_says_what_it_cost_as_its_ending_does(name: str, cost: str) -> None:
    foot = {line[0].text: line[1].text for line in root(drawn(name, "vi")).findall(".//aside[@id='facts']//dl/div")}
    assert foot["Chi phí"] == cost and foot["Tiếp theo"] == "Xong"


def test_the_end_answers_the_four_doubts() -> None:
    html = drawn("end-HANDED_OVER", "vi")
    for key in ("who", "rule", "check", "answers"):
        assert strings()(f"end.{key}").vi in html
    assert CERTIFIED.certifier in html and CERTIFIED.register_label in html and 'class="qr"' in html
    assert 'class="qr"' not in drawn("end-REFUSED", "vi")


def test_the_legal_mode_and_the_pilots_decision_are_shown() -> None:
    for mode in LegalMode:
        place = replace(FACTS.place, legal_mode=mode, legal_decision="QĐ 12/QĐ-UBND")
        html = fragment(replace(TABLE["attract"], facts=replace(FACTS, place=place)))
        assert strings()(f"mode.{mode}", decision="QĐ 12/QĐ-UBND").vi in html


def test_what_a_paper_or_a_person_is_called_can_write_no_markup() -> None:
    shown = TABLE["name"]
    html = fragment(replace(shown, state=replace(shown.state, name="<img src=x>")))
    assert "<img" not in html and "&lt;img" in html


def test_nothing_comes_from_outside_and_no_script_or_style_stands_in_the_page() -> None:
    html = page(TABLE["attract"])
    assert re.findall(r'(?:src|href)="([^"]+)"', html) == [
        "/page/tokens.css", "/page/screen.css", "/page/pictures.css", "/page/challenge.js", "/page/screen.js",
        "/page/keypad.js",
    ]  # fmt: skip
    assert " style=" not in TEMPLATES and not re.search(r"\son\w+=", TEMPLATES)
    static = "".join(path.read_text(encoding="utf-8") for path in (FOLDER / "static").iterdir())
    assert not re.search(r"https?:", static)
    assert "unsafe" not in HEADERS["Content-Security-Policy"]


def test_both_languages_hold_the_same_sentences_with_the_same_places() -> None:
    vi, en = read(FOLDER / "strings", "vi"), read(FOLDER / "strings", "en")
    assert vi.keys() == en.keys()
    for key in vi:
        assert set(re.findall(r"\{\w+\}", vi[key])) == set(re.findall(r"\{\w+\}", en[key])), key
        assert vi[key].strip() and en[key].strip(), key


def test_no_sentence_lies_about_unused() -> None:
    quoted = set(re.findall(r"""["']([a-z_-]+\.[A-Za-z_-]+)["']""", TEMPLATES))
    heads = {f"{name}.title" for name in re.findall(r'head\("([a-z-]+)"\)', TEMPLATES)}
    heads |= {f"{name}.{key}" for name, key in re.findall(r'head\("([a-z-]+)", "([a-z_]+)"\)', TEMPLATES)}
    built = {
        *(f"step.{each}" for each in Step), *(f"mode.{each}" for each in LegalMode),
        *(f"foot.{each}" for each in ("with-you", "in-the-scanner", "take-it")),
        *(f"tool.{each}" for each in re.findall(r'tool\("[a-z-]+", "([a-z]+)"', TEMPLATES)),
        *(f"{deed}.{key}" for deed in ("pages", "copies") for key in ("title", "more", "unit", "one", "go_on")),
        *(f"copies.{form}{more}" for form in Form for more in ("", "_more")),
        *(f"need.{each}" for each in ("vneid", "plain", "qr", "cv")),
        *(f"consent.{each}" for each in ("scanned", "seen", "destroyed", "kept", "machine")),
        *(f"name.tone_{each}" for each in drawing.TONE_KEYS),
        *(f"who.{each}" for each in ("consent", "card", "look", "photo", "way")),
        *(f"who.do_{each.value.replace('-', '_')}" for each in scenes.PRESSES["who"]),
        *(f"call.role_{each}" for each in drawing.CALL_ROLES), "voice.choice",
        *(f"end.{each}" for each in ("delivered", "waits", "stopped")),
        *(f"{tile}.{key}" for tile in TABLE["choose"].facts.tiles for key in ("tile", "tile_more")),
        *(key for each in ACTIVITY_TABLES for key in getattr(each, "BUILT_KEYS", ())),
    }  # fmt: skip
    assert strings().keys - quoted - heads - built == set()


def test_the_page_keeps_its_small_script() -> None:
    for name in ("screen.js", "challenge.js", "keypad.js"):
        script = (FOLDER / "static" / name).read_text(encoding="utf-8")
        assert len(script.splitlines()) <= 100
        assert "eval" not in script and "innerHTML" not in script
