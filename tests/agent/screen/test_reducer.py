"""A touch and the next state: the way there and back, what nobody may touch, and what the next citizen finds."""

from dataclasses import replace

import msgspec
import pytest
from scene_table import FACTS, PAPER, VISIT, during, moment

from agent.journeys.values import Order, PickUp
from agent.screen.page.reducer import touched, wish
from agent.screen.page.scenes import scene
from agent.screen.page.state import CERTIFY, Comfort, Deed, Over, State, Tap, Where


def tap(state: State, do: Deed, value: str = "") -> State:
    return touched(state, Tap(scene=state.where, do=do, value=value))


def typed(state: State, text: str) -> State:
    for letter in text:
        state = tap(state, Deed.KEY, "space" if letter == " " else letter)
    return state


def at_the_glass() -> State:
    state = State()
    for do in (Deed.WAKE, Deed.COPY, Deed.GO_ON, Deed.GO_ON):
        state = tap(state, do)
    state = tap(typed(state, "tran thij maaux"), Deed.GO_ON)
    state = tap(tap(state, Deed.PAGES, "3"), Deed.GO_ON)
    return tap(tap(state, Deed.COPIES, "2"), Deed.GO_ON)


def test_the_way_to_the_glass_and_its_order() -> None:
    state = at_the_glass()
    assert state.where is Where.LAY
    begun = wish(state, Tap(scene="lay", do=Deed.BEGIN))
    assert begun == Order(copies=2, requester_name="Tran Thị Mẫu", declared_pages=3)
    assert msgspec.convert(msgspec.to_builtins(begun), Order) == begun


def test_back_leads_through_every_scene_to_the_beginning_and_keeps_what_was_said() -> None:
    state = at_the_glass()
    for where in reversed(CERTIFY[:-1]):
        state = tap(state, Deed.BACK)
        assert (state.where, state.name, state.pages, state.copies) == (where, "Tran Thị Mẫu", 3, 2)
    assert tap(state, Deed.BACK) == State()


def test_starting_over_forgets_the_citizen_but_not_who_waits_nor_the_letters_size() -> None:
    comfort = Comfort(language="en", zoom=1)
    state = replace(at_the_glass(), comfort=comfort, aside=(VISIT,))
    assert tap(state, Deed.HOME) == State(comfort=comfort, aside=(VISIT,))
    assert state.left() == State(aside=(VISIT,))


def test_no_name_and_no_count_is_no_order() -> None:
    nameless = State(where=Where.NAME, name="  ")
    assert tap(nameless, Deed.GO_ON).where is Where.NAME
    assert tap(State(where=Where.PAGES), Deed.GO_ON).where is Where.PAGES


@pytest.mark.parametrize("value", ["0", "-1", "201", "²", "1e3", "nan", "", "9" * 900])
def test_a_count_that_is_none_changes_nothing(value: str) -> None:
    state = State(where=Where.PAGES, pages=2)
    assert tap(state, Deed.PAGES, value) == state


@pytest.mark.parametrize("value", ["<", "ab", "\x00", "1", "tone-q", "🙂"])
def test_what_is_no_letter_does_not_enter_a_name(value: str) -> None:
    state = State(where=Where.NAME, name="An")
    assert tap(state, Deed.KEY, value).name == "An"


def test_a_name_has_an_end() -> None:
    state = typed(State(where=Where.NAME), "b" * 500)
    assert len(state.name) == 60


def test_a_receipts_code_is_eight_letters_before_it_is_asked_for() -> None:
    state = tap(tap(tap(State(), Deed.WAKE), Deed.COLLECT), Deed.TYPE_CODE)
    state = typed(state, "4t7k9qx")
    begin = Tap(scene="code", do=Deed.BEGIN)
    assert wish(state, begin) is None
    state = typed(state, "mz")
    assert wish(state, begin) == PickUp(code="4T7K9QXM")
    assert tap(state, Deed.KEY, "del").code == "4T7K9QX"
    assert wish(State(where=Where.RECEIPT), Tap(scene="receipt", do=Deed.BEGIN)) == PickUp()


@pytest.mark.parametrize("do", [Deed.BACK, Deed.HOME, Deed.WAKE, Deed.COPY, Deed.BEGIN, Deed.GO_ON, Deed.LOOK])
def test_nothing_of_before_a_visit_reaches_into_one(do: Deed) -> None:
    state = State(visit=VISIT)
    assert touched(state, Tap(scene="pay", do=do)) == state
    assert wish(state, Tap(scene="lay", do=do)) is None


def test_comfort_goes_round_and_lies_over_nothing() -> None:
    state = State(visit=VISIT)
    assert tap(tap(state, Deed.LANGUAGE), Deed.LANGUAGE) == state
    assert tap(tap(tap(state, Deed.ZOOM), Deed.ZOOM), Deed.ZOOM) == state
    assert tap(state, Deed.CONTRAST).comfort.contrast and tap(state, Deed.REACH).comfort.low_reach
    veiled = tap(state, Deed.VEIL)
    assert veiled.over is Over.VEIL and tap(veiled, Deed.CLOSE) == state


def test_a_late_touch_and_one_that_the_scene_has_not_are_not_offered() -> None:
    officer = during(moment("officer 1"))
    assert officer.offers(Tap(scene="officer", do=Deed.ASIDE))
    assert not officer.offers(Tap(scene="pay", do=Deed.ASK_CANCEL))
    assert not officer.offers(Tap(scene="officer", do=Deed.CANCEL))
    assert not officer.offers(Tap(scene="officer", do=Deed.DONE))
    next_page = during(moment("next sheet 2", paper=PAPER))
    assert next_page.offers(Tap(scene="next-page", do=Deed.PRESS, value="all-in"))
    assert not next_page.offers(Tap(scene="next-page", do=Deed.PRESS, value="taken"))


def test_between_two_steps_the_scene_stays() -> None:
    assert scene(State(visit=VISIT), FACTS, moment("next"), "reading").name == "reading"
    assert scene(State(visit=VISIT), FACTS, moment("tell printed"), "printing").name == "printing"
    assert scene(State(visit=VISIT), FACTS, moment("next")).name == "moment"
    assert scene(State(visit=VISIT), FACTS, moment("pay"), "pay").name == "moment"
