"""From a touch to the next state: pure, so that every scene can be walked in a test."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from agent.journeys.values import Order, PickUp, Wish
from agent.screen.page import practice, sending
from agent.screen.page.state import (
    BY_MAIL,
    BY_POST,
    CERTIFY,
    CODE_LETTERS,
    COLLECT,
    MOST_LETTERS,
    MOST_VOLUME,
    MOST_ZOOM,
    Deed,
    Form,
    Language,
    Over,
    State,
    Tap,
    Where,
)
from agent.screen.page.telex import letter_typed

MOST_COPIES = 20
MOST_PAGES = 200

Step = Callable[[State, str], State]


def touched(state: State, tap: Tap) -> State:
    """Return the state after a touch; what the scene does not offer changes nothing."""
    state = replace(state, problem=None)
    if tap.do in _ANYWHERE:
        return _ANYWHERE[tap.do](state, tap.value)
    if state.practice:
        return _practised(state, tap)
    if state.held and tap.do is Deed.COPY:
        return replace(state, held=None, doing="", where=Where.NEED, collects=False)
    if state.held or tap.do is Deed.OPEN:  # stage.py does it
        return state
    if state.visit:
        return _IN_A_VISIT.get(tap.do, _unchanged)(state, tap.value)
    return _BEFORE.get((state.where, tap.do), _unchanged)(state, tap.value)


def wish(state: State, tap: Tap) -> Wish | None:
    """Return the visit that a touch begins, None where it begins none; who only tries begins none."""
    if state.practice is not None:
        return None
    match state.visit, state.where, tap.do:
        case "", Where.LAY, Deed.BEGIN:
            return order(state)
        case "", Where.RECEIPT, Deed.BEGIN:
            return PickUp()
        case "", Where.CODE, Deed.BEGIN if len(state.code) == CODE_LETTERS:
            return PickUp(code=state.code)
    return None


def order(state: State) -> Order:
    """Return what is ordered as things stand; `-` stands for a name that is not typed yet."""
    name = clean_name(state.name) or "-"
    return Order(
        copies=0 if state.form is Form.FILE else state.copies,
        electronic=state.form is not Form.PAPER,
        requester_name=name,
        declared_pages=state.pages or None,
        deliver_to=sending.destinations(state, name),
    )


def clean_name(name: str) -> str:
    """Return a name as it is written: one space between words, each with a capital letter."""
    return " ".join(word[:1].upper() + word[1:] for word in name.split())


def _unchanged(state: State, _value: str) -> State:
    return state


def _to(where: Where) -> Step:
    return lambda state, _value: replace(state, where=where)


def _over(over: Over) -> Step:
    return lambda state, _value: replace(state, over=over)


def _close(state: State, _value: str) -> State:
    return replace(state, over=None)


def _language(state: State, _value: str) -> State:
    other: Language = "en" if state.comfort.language == "vi" else "vi"
    return replace(state, comfort=replace(state.comfort, language=other))


def _zoom(state: State, _value: str) -> State:
    return replace(state, comfort=replace(state.comfort, zoom=(state.comfort.zoom + 1) % (MOST_ZOOM + 1)))


def _contrast(state: State, _value: str) -> State:
    return replace(state, comfort=replace(state.comfort, contrast=not state.comfort.contrast))


def _reach(state: State, _value: str) -> State:
    return replace(state, comfort=replace(state.comfort, low_reach=not state.comfort.low_reach))


def _voice(state: State, _value: str) -> State:
    return replace(state, comfort=replace(state.comfort, voice=not state.comfort.voice))


def _again(state: State, _value: str) -> State:
    return replace(state, comfort=replace(state.comfort, asked_again=state.comfort.asked_again + 1))


def _volume(step: int) -> Step:
    def changed(state: State, _value: str) -> State:
        volume = min(max(state.comfort.volume + step, 1), MOST_VOLUME)
        return _again(replace(state, comfort=replace(state.comfort, volume=volume)), "")

    return changed


def _rehearsed(state: State) -> State:
    return replace(state, where=Where.NEED, collects=False, practice=0, name=practice.NAME)


def _practised(state: State, tap: Tap) -> State:
    """Go on to the next made-up moment, whatever main button was touched; behind the last one it is over."""
    if tap.do not in _GOES_ON:
        return state
    assert state.practice is not None
    if state.practice < practice.MOMENTS:
        return replace(state, practice=state.practice + 1)
    return replace(state.left(), comfort=state.comfort)


def _back(state: State, _value: str) -> State:
    if state.practice:
        return replace(state, practice=state.practice - 1)
    if state.visit or state.held:
        return state
    if state.practice == 0 and state.where is Where.NEED:
        return replace(state.left(), comfort=state.comfort, where=Where.CHOOSE)
    ways = (COLLECT, CERTIFY) if state.collects else (CERTIFY, BY_MAIL, BY_POST)
    path = next((path for path in ways if state.where in path), (state.where,))
    at = path.index(state.where)
    return replace(state, where=path[at - 1]) if at else _home(state, "")


def _home(state: State, _value: str) -> State:
    return state if state.visit else replace(state.left(), comfort=state.comfort)


def _name_key(state: State, value: str) -> State:
    name = " ".join(word[:1].upper() + word[1:] for word in letter_typed(state.name, value).split(" "))
    return replace(state, name=name[:MOST_LETTERS])


def _code_key(state: State, value: str) -> State:
    if value == "del":
        return replace(state, code=state.code[:-1])
    is_letter = len(value) == 1 and value.isascii() and value.isalnum()
    return replace(state, code=(state.code + value.upper())[:CODE_LETTERS]) if is_letter else state


def _named(state: State, _value: str) -> State:
    name = clean_name(state.name)
    return replace(state, name=name, where=Where.PAGES) if name else state


def _pages(state: State, value: str) -> State:
    return replace(state, pages=_number(value, MOST_PAGES, state.pages))


def _copies(state: State, value: str) -> State:
    return replace(state, copies=_number(value, MOST_COPIES, state.copies))


def _form(state: State, value: str) -> State:
    return sending.kept(replace(state, form=Form(value))) if value in set(Form) else state


def _number(value: str, most: int, before: int) -> int:
    return int(value) if value.isascii() and value.isdigit() and 1 <= int(value) <= most else before


def _counted(state: State, _value: str) -> State:
    return replace(state, where=Where.COPIES) if state.pages else state


def _aside(state: State, _value: str) -> State:
    return State(aside=(*state.aside, state.visit))


def _another(state: State, value: str) -> State:
    """Go on with another original: name and consent hold; one that is at the officer (`aside`) waits meanwhile."""
    aside = (*state.aside, state.visit) if value == "aside" else state.aside
    where = Where.PAGES if state.name else Where.NAME
    return State(comfort=state.comfort, where=where, name=state.name, aside=aside, follows=state.visit)


def _done(state: State, _value: str) -> State:
    return state.left()


def _look(state: State, value: str) -> State:
    if value not in state.aside:
        return state
    return replace(state, visit=value, aside=tuple(each for each in state.aside if each != value))


_ANYWHERE: Final[Mapping[Deed, Step]] = {
    Deed.LANGUAGE: _language,
    Deed.ZOOM: _zoom,
    Deed.CONTRAST: _contrast,
    Deed.REACH: _reach,
    Deed.VOICE: _voice,
    Deed.AGAIN: _again,
    Deed.QUIETER: _volume(-1),
    Deed.LOUDER: _volume(1),
    Deed.VEIL: _over(Over.VEIL),
    Deed.CALL: _over(Over.CALL),
    Deed.CLOSE: _close,
    Deed.BACK: _back,
    Deed.HOME: _home,
}

_GOES_ON: Final = frozenset({Deed.GO_ON, Deed.PRESS, Deed.PAY, Deed.ASIDE, Deed.DONE})

_IN_A_VISIT: Final[Mapping[Deed, Step]] = {
    Deed.ASK_CANCEL: _over(Over.CANCEL),
    Deed.CANCEL: _close,
    Deed.ASIDE: _aside,
    Deed.ASK_LEAVE: _over(Over.LEAVE),
    Deed.PRESS: _close,
    Deed.DONE: _done,
    Deed.ANOTHER: _another,
}

_BEFORE: Final[Mapping[tuple[Where, Deed], Step]] = {
    (Where.ATTRACT, Deed.WAKE): _to(Where.CHOOSE),
    (Where.ATTRACT, Deed.LOOK): _look,
    (Where.CHOOSE, Deed.COPY): lambda state, _: replace(state, where=Where.NEED, collects=False),
    (Where.CHOOSE, Deed.PRACTISE): lambda state, _: _rehearsed(state),
    (Where.CHOOSE, Deed.COLLECT): lambda state, _: replace(state, where=Where.RECEIPT, collects=True),
    (Where.NEED, Deed.GO_ON): _to(Where.CONSENT),
    (Where.CONSENT, Deed.GO_ON): _to(Where.NAME),
    (Where.NAME, Deed.KEY): _name_key,
    (Where.NAME, Deed.GO_ON): _named,
    (Where.PAGES, Deed.PAGES): _pages,
    (Where.PAGES, Deed.GO_ON): _counted,
    (Where.COPIES, Deed.COPIES): _copies,
    (Where.COPIES, Deed.FORM): _form,
    (Where.COPIES, Deed.GO_ON): _to(Where.LAY),
    (Where.LAY, Deed.BEGIN): lambda state, _: replace(state, practice=1) if state.practice == 0 else state,
    (Where.RECEIPT, Deed.TYPE_CODE): _to(Where.CODE),
    (Where.CODE, Deed.KEY): _code_key,
    **sending.STEPS,
}
