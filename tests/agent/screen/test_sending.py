"""Where copies are sent, as the screen is told: typed, shown, found right; not asked for where nothing is sent."""

from dataclasses import replace

import pytest
from kiosk_doubles import Town
from scene_table import FACTS, SENDING, before

from agent.journeys.values import Order
from agent.screen.entrance import NOT_SENT
from agent.screen.page.drawing import fragment
from agent.screen.page.reducer import order, touched, wish
from agent.screen.page.scenes import scene
from agent.screen.page.stage import Stage
from agent.screen.page.state import BY_MAIL, BY_POST, Deed, Form, State, Tap, Where
from contract.destinations import Channel, MailTo, PostTo

START = State(where=Where.COPIES, name="Trần Thị Mẫu", pages=1)


def tap(state: State, do: Deed, value: str = "") -> State:
    return touched(state, Tap(scene=state.where, do=do, value=value))


def keyed(state: State, *keys: str) -> State:
    for key in keys:
        state = tap(state, Deed.KEY, key)
    return state


def by_mail(state: State = START) -> State:
    state = tap(tap(state, Deed.ACT, "send"), Deed.ACT, "mail")
    state = keyed(state, *"An.88", "@gmail.com")
    return tap(tap(state, Deed.GO_ON), Deed.GO_ON)


def by_post(state: State = START) -> State:
    state = tap(tap(state, Deed.ACT, "send"), Deed.ACT, "post")
    state = tap(keyed(state, *"0912345678"), Deed.GO_ON)
    state = keyed(state, *"12", "space", *"ngox", "space", "5", ",", "space", *"caauf", "space", *"giaays")
    return tap(tap(state, Deed.GO_ON), Deed.GO_ON)


def test_both_ways_are_ordered_as_they_were_typed_and_lead_back_to_the_copies() -> None:
    state = by_post(by_mail())
    assert (state.where, state.form) == (Where.COPIES, Form.BOTH)
    lay = tap(state, Deed.GO_ON)
    begun = wish(lay, Tap(scene="lay", do=Deed.BEGIN))
    assert isinstance(begun, Order)
    assert begun.deliver_to == (
        MailTo(address="an.88@gmail.com"),
        PostTo(name="Trần Thị Mẫu", phone="0912345678", address="12 Ngõ 5, Cầu Giấy"),
    )
    assert (begun.copies, begun.copies_here, begun.electronic) == (1, 0, True)


def test_address_that_was_not_found_right_is_not_ordered() -> None:
    state = tap(tap(START, Deed.ACT, "send"), Deed.ACT, "mail")
    state = tap(keyed(state, *"an", "@gmail.com"), Deed.GO_ON)
    assert (state.where, order(state).deliver_to) == (Where.MAIL_CHECK, ())
    changed = keyed(tap(by_mail(), Deed.ACT, "send"), "x")
    assert order(changed).deliver_to  # a key on another scene changes nothing
    mended = keyed(tap(tap(by_mail(), Deed.ACT, "send"), Deed.ACT, "mail"), "del")
    assert order(mended).deliver_to == ()


@pytest.mark.parametrize(
    "keys", [("a", "n"), ("@gmail.com",), ("a", "@", "@"), ("a", "@", "b", "."), ("ă", "@gmail.com")]
)
def test_what_is_no_address_leads_nowhere(keys: tuple[str, ...]) -> None:
    state = keyed(State(where=Where.MAIL), *keys)
    assert tap(state, Deed.GO_ON).where is Where.MAIL


def test_an_end_replaces_the_end_that_was_typed_before() -> None:
    assert keyed(State(where=Where.MAIL), *"an", "@gmail.com", "@yahoo.com").mail == "an@yahoo.com"
    assert keyed(State(where=Where.MAIL), *"an@so", ".vn").mail == "an@so.vn"


@pytest.mark.parametrize("value", ["<", "ab", "\x00", "ế", " ", "@evil.example", "²"])
def test_what_is_no_key_types_nothing(value: str) -> None:
    for where in (Where.MAIL, Where.PHONE):
        state = State(where=where)
        assert tap(state, Deed.KEY, value) == state


def test_what_can_not_be_sent_of_another_form_is_dropped_and_what_was_chosen_can_be_taken_back() -> None:
    both = by_post(by_mail())
    assert [type(each) for each in order(tap(both, Deed.FORM, "paper")).deliver_to] == [PostTo]
    assert [type(each) for each in order(tap(both, Deed.FORM, "file")).deliver_to] == [MailTo]
    send = tap(both, Deed.ACT, "send")
    neither = tap(tap(send, Deed.ACT, "not-mail"), Deed.ACT, "not-post")
    assert order(neither).deliver_to == ()
    assert (neither.mail, neither.phone, neither.address) == ("", "", "")


@pytest.mark.parametrize("path", [BY_MAIL, BY_POST])
def test_back_leads_from_the_end_of_a_side_way_to_the_copies(path: tuple[Where, ...]) -> None:
    state = replace(START, where=path[-1])
    for where in reversed(path[:-1]):
        state = tap(state, Deed.BACK)
        assert state.where is where
    assert tap(state, Deed.BACK).where is Where.PAGES


def test_next_citizen_finds_nothing_of_it() -> None:
    assert by_post(by_mail()).left() == State()


async def test_postal_rate_that_ends_while_somebody_stands_there_stops_nobody(town: Town) -> None:
    async def begin(_wish: object) -> str:
        raise AssertionError("nothing is begun")

    async with town.kiosk() as kiosk:
        stage = Stage(kiosk, begin)
        stage._state = replace(by_post(), where=Where.LAY)
        await stage.look()
        assert stage.scene is not None and stage.scene.price is not None
        assert stage.scene.price.postage_vnd == 0
        await stage.tap(Tap(scene="lay", do=Deed.BEGIN))
        assert stage.state.problem == (NOT_SENT.vi, NOT_SENT.en)


def test_kiosk_that_sends_nothing_shows_no_way_to_it() -> None:
    button = 'data-value="send"'
    assert button not in fragment(before(Where.COPIES, name="An", pages=1))
    assert button in fragment(scene(START, SENDING, None))
    mail_alone = scene(replace(START, where=Where.SEND), replace(FACTS, channels=(Channel.MAIL,)), None)
    assert 'data-value="post"' not in fragment(mail_alone)
