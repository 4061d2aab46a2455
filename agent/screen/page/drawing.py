"""From a scene to the HTML that the browser shows, in the citizen's language."""

import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from agent.journeys.sentences import dong
from agent.screen.page.pin_pad import PIN_KEYS
from agent.screen.page.scenes import Scene, qr
from agent.screen.page.sending import ADDRESS_SIGNS, DIGITS, MAIL_ENDS, MAIL_SIGNS, PHONE_KEYS, is_address
from agent.screen.page.state import CODE_LETTERS, Said
from contract.clock import VIETNAM
from contract.destinations import is_mail_address, is_phone
from contract.words import Strings

FOLDER: Final = Path(__file__).parent

CODE_KEYS: Final = ("01234567", "89ABCDEF", "GHJKMNPQ", "RSTVWXYZ")
"""Crockford's base 32, which receipts are numbered in."""
NAME_KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
VIETNAMESE_KEYS: Final = "ăâêôơưđ"
CALL_ROLES: Final = ("INTAKE", "CERTIFIER", "CLERK", "OPERATOR")
"""The roles of the hub's people that have a name here; any other is a member of staff."""
TONE_KEYS: Final = {"s": "´", "f": "`", "r": "ˀ", "x": "˜", "j": "."}


@cache
def strings() -> Strings:
    """Return the screen's sentences; raise TranslationMissing."""
    return Strings.of(FOLDER / "strings")


def prepare() -> None:
    """Compile every template now, so that no citizen waits for it."""
    made = _environment()
    for name in made.list_templates(extensions=["html", "svg"]):
        made.get_template(name)


def fragment(scene: Scene) -> str:
    """Return the scene's parts: top, stage, foot and what lies over them."""
    return _drawn("screen.html", scene)


def page(scene: Scene) -> str:
    """Return the whole page with the scene in it."""
    return _drawn("page.html", scene)


def _drawn(template: str, scene: Scene) -> str:
    language = scene.state.comfort.language
    other = "en" if language == "vi" else "vi"
    words = strings()

    def say(key: str, **values: object) -> str:
        return str(getattr(words(key, **values), language))

    def beside(key: str, **values: object) -> str:
        return str(getattr(words(key, **values), other))

    def pick(said: Said) -> str:
        return said[language == "en"]

    def pick_beside(said: Said) -> str:
        return said[language == "vi"]

    return _environment().get_template(template).render(
        scene=scene, state=scene.state, facts=scene.facts, view=scene.view, comfort=scene.state.comfort,
        held=scene.doing.held if scene.doing else None,
        language=language, other=other, say=say, beside=beside, pick=pick, pick_beside=pick_beside,
    )  # fmt: skip


def _money(amount_vnd: int) -> str:
    return f"{dong(amount_vnd)}\N{NO-BREAK SPACE}đ"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M}"


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?]) ", text)


def _qr(text: str) -> Markup:
    return Markup(qr(text))  # noqa: S704  the picture is drawn here from squares, no text stands in it


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"money": _money, "moment": _moment, "clock": _clock, "qr": _qr, "sentences": _sentences}
    made.globals |= {
        "code_keys": CODE_KEYS, "name_keys": NAME_KEYS, "vietnamese_keys": VIETNAMESE_KEYS, "tone_keys": TONE_KEYS,
        "code_letters": CODE_LETTERS, "call_roles": CALL_ROLES, "pin_keys": PIN_KEYS,
        "digits": DIGITS, "phone_keys": PHONE_KEYS, "mail_ends": MAIL_ENDS, "mail_signs": MAIL_SIGNS,
        "address_signs": ADDRESS_SIGNS, "is_mail_address": is_mail_address, "is_phone": is_phone,
        "is_address": is_address,
    }  # fmt: skip
    return made
