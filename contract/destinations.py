"""Where a certified copy is sent besides the kiosk's own slots: what the citizen gives for each way.

A destination is personal data: it travels in the certify request, is kept by both sides no longer than the copy itself
(R13), and stands in no log.
"""

import re
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

_END = r"$(?!\n)"
"""The very end: Python's `$` alone also stands before a line's last end."""
_LINE = rf"^[^\x00-\x1f\x7f]*{_END}"
"""One line: nothing in it begins another header of a letter or another line of a label."""
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
MAIL_PATTERN = (
    rf"^(?=.{{3,254}}$)(?=[^@]{{1,64}}@)[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@(?:{_LABEL}\.)+[A-Za-z]{{2,63}}{_END}"
)
"""RFC 5321 §4.1.2 and §4.5.3.1 without quoted strings, literals and letters beyond ASCII: what providers give."""
PHONE_PATTERN = rf"^(?:0|\+84)[0-9]{{8,10}}{_END}"

MailAddress = Annotated[str, Meta(pattern=MAIL_PATTERN, max_length=254)]
Phone = Annotated[str, Meta(pattern=PHONE_PATTERN, max_length=14)]


CitizenNumber = Annotated[str, Meta(pattern="^[0-9]{12}$")]


class Channel(StrEnum):
    """The ways; each is also the tag of its destination."""

    MAIL = "mail"
    POST = "post"
    PORTAL = "portal"
    IHANOI = "ihanoi"


class MailTo(Struct, tag=Channel.MAIL.value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The electronic copy by e-mail."""

    address: MailAddress


class PostTo(Struct, tag=Channel.POST.value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The paper copies by post, to this address within the agency's own province."""

    name: Annotated[str, Meta(min_length=1, max_length=100, pattern=_LINE)]
    phone: Phone
    address: Annotated[str, Meta(min_length=8, max_length=200, pattern=_LINE)]


class PortalTo(Struct, tag=Channel.PORTAL.value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The electronic copy into the store of this person at the National Public Service Portal."""

    number: CitizenNumber


class IhanoiTo(Struct, tag=Channel.IHANOI.value, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The electronic copy into this person's account of the city's application."""

    number: CitizenNumber


Destination = MailTo | PostTo | PortalTo | IhanoiTo
ACCOUNTS = (Channel.PORTAL, Channel.IHANOI)
"""The ways to somebody's account, by the personal number that the chip of their card has proven."""


def channel_of(destination: Destination) -> Channel:
    """Return the way that a destination belongs to."""
    return Channel(str(destination.__struct_config__.tag))


def is_mail_address(text: str) -> bool:
    """Return whether an address can be sent to."""
    return re.fullmatch(MAIL_PATTERN, text) is not None


def is_phone(text: str) -> bool:
    """Return whether this is a Vietnamese telephone number, without spaces."""
    return re.fullmatch(PHONE_PATTERN, text) is not None
