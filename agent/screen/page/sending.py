"""Where a copy is sent besides what comes out here: the scenes behind one button of the scene that counts the copies.

An address is typed, then shown large; only what was said to be right is ordered. What is e-mailed is the file, which
costs nothing more beside prints; what is posted is the prints.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from agent.screen.page.state import Deed, Form, State, Where
from agent.screen.page.telex import letter_typed
from contract.destinations import Destination, MailTo, PostTo, is_mail_address, is_phone

MAIL_ENDS: Final = ("@gmail.com", "@yahoo.com", ".com", ".vn")
"""Keys that type several letters at once."""
MAIL_SIGNS: Final = ".-_"
ADDRESS_SIGNS: Final = ",./"
DIGITS: Final = "1234567890"
PHONE_KEYS: Final = ("123", "456", "789")
LONGEST_MAIL, LONGEST_PHONE, LONGEST_ADDRESS, SHORTEST_ADDRESS = 254, 11, 160, 8

Step = Callable[[State, str], State]


def destinations(state: State, name: str) -> tuple[Destination, ...]:
    """Return where the citizen of this name has said the copy goes."""
    mail = (MailTo(address=state.mail),) if state.sends_mail else ()
    post = (PostTo(name=name, phone=state.phone, address=state.address.strip()),) if state.posts else ()
    return (*mail, *post)


def kept(state: State) -> State:
    """Return the state without what can't be sent of the form that is ordered now."""
    return replace(
        state,
        sends_mail=state.sends_mail and state.form is not Form.PAPER,
        posts=state.posts and state.form is not Form.FILE,
    )


def is_address(text: str) -> bool:
    """Return whether an address is long enough to be one."""
    return len(text.strip()) >= SHORTEST_ADDRESS


def _to(where: Where) -> Step:
    return lambda state, _value: replace(state, where=where)


def _chosen(state: State, value: str) -> State:
    match value:
        case "mail":
            return replace(state, where=Where.MAIL)
        case "post":
            return replace(state, where=Where.PHONE)
        case "not-mail":
            return replace(state, sends_mail=False, mail="")
        case "not-post":
            return replace(state, posts=False, phone="", address="")
    return state


def _mail_key(state: State, value: str) -> State:
    if value == "del":
        return replace(state, mail=state.mail[:-1], sends_mail=False)
    is_letter = len(value) == 1 and value.isascii() and (value.isalnum() or value in f"{MAIL_SIGNS}@+")
    if not is_letter and value not in MAIL_ENDS:
        return state
    before = state.mail.partition("@")[0] if value.startswith("@") and len(value) > 1 else state.mail
    return replace(state, mail=(before + value.lower())[:LONGEST_MAIL], sends_mail=False)


def _phone_key(state: State, value: str) -> State:
    if value == "del":
        return replace(state, phone=state.phone[:-1], posts=False)
    is_digit = len(value) == 1 and value.isascii() and value.isdigit()
    return replace(state, phone=(state.phone + value)[:LONGEST_PHONE], posts=False) if is_digit else state


def _address_key(state: State, value: str) -> State:
    is_sign = len(value) == 1 and value.isascii() and (value.isdigit() or value in ADDRESS_SIGNS)
    text = state.address + value if is_sign else letter_typed(state.address, value)
    text = " ".join(word[:1].upper() + word[1:] for word in text.split(" "))
    return replace(state, address=text[:LONGEST_ADDRESS], posts=False)


def _mail_typed(state: State, _value: str) -> State:
    return replace(state, where=Where.MAIL_CHECK) if is_mail_address(state.mail) else state


def _phone_typed(state: State, _value: str) -> State:
    return replace(state, where=Where.ADDRESS) if is_phone(state.phone) else state


def _address_typed(state: State, _value: str) -> State:
    return replace(state, where=Where.POST_CHECK) if is_address(state.address) else state


def _mail_is_right(state: State, _value: str) -> State:
    form = Form.BOTH if state.form is Form.PAPER else state.form
    return replace(state, where=Where.COPIES, sends_mail=True, form=form)


def _post_is_right(state: State, _value: str) -> State:
    form = Form.BOTH if state.form is Form.FILE else state.form
    return replace(state, where=Where.COPIES, posts=True, form=form)


STEPS: Final[Mapping[tuple[Where, Deed], Step]] = {
    (Where.COPIES, Deed.ACT): lambda state, value: replace(state, where=Where.SEND) if value == "send" else state,
    (Where.SEND, Deed.ACT): _chosen,
    (Where.SEND, Deed.GO_ON): _to(Where.COPIES),
    (Where.MAIL, Deed.KEY): _mail_key,
    (Where.MAIL, Deed.GO_ON): _mail_typed,
    (Where.MAIL_CHECK, Deed.ACT): _to(Where.MAIL),
    (Where.MAIL_CHECK, Deed.GO_ON): _mail_is_right,
    (Where.PHONE, Deed.KEY): _phone_key,
    (Where.PHONE, Deed.GO_ON): _phone_typed,
    (Where.ADDRESS, Deed.KEY): _address_key,
    (Where.ADDRESS, Deed.GO_ON): _address_typed,
    (Where.POST_CHECK, Deed.ACT): _to(Where.PHONE),
    (Where.POST_CHECK, Deed.GO_ON): _post_is_right,
}
"""What a touch of these scenes does; a kiosk that sends nothing shows no way to them."""
