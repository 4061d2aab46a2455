"""What is said of a scene: pure, out of the very fragment that is shown, so that no scene can be silent."""

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

from agent.screen.page.drawing import fragment, strings
from agent.screen.page.scenes import Scene
from agent.screen.page.state import Language
from agent.screen.voice.wording import spoken

_VOID: Final = frozenset({"br", "meta", "link", "img", "input", "hr", "path", "circle", "rect", "line", "use"})
_SAID: Final = frozenset({"h1", "h2", "h3", "p", "li", "dt", "dd", "tr", "caption", "output", "button", "label"})
_SILENT_CLASSES: Final = frozenset({"key", "numbers", "number", "house", "steps", "caret", "slip-picture"})
_PARTS: Final = ("stage", "over")


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One sentence for the ears; what is `private` is for a headset alone.

    Private is all that is typed (class `field`), and what a template marks with data-private.
    """

    text: str
    private: bool = False


def utterances(scene: Scene) -> tuple[Utterance, ...]:
    """Return heading, lead and choices in the order of the screen; of what lies over the scene, if anything does."""
    language = scene.state.comfort.language
    heard = _Ears(language)
    heard.feed(fragment(scene))
    said = heard.parts["over"] or heard.parts["stage"]
    return tuple(Utterance(text=spoken(text, language), private=private) for text, private in said)


@dataclass(slots=True)
class _Open:
    """An element that is open: whether it and all in it are silent or private, and what it says."""

    tag: str
    part: str
    silent: bool
    private: bool
    words: list[str] | None


class _Ears(HTMLParser):
    """Takes a fragment's visible words in the screen's language, one line for each block and button."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.parts: dict[str, list[tuple[str, bool]]] = {part: [] for part in _PARTS}
        self._language, self._open = language, list[_Open]()
        self._choice = str(getattr(strings()("voice.choice"), language))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an element."""
        if tag in _VOID:
            return
        has = dict(attrs)
        above = self._open[-1] if self._open else _Open("", "", silent=False, private=False, words=None)
        part = str(has.get("id")) if has.get("id") in _PARTS else above.part
        classes = set(str(has.get("class") or "").split())
        silent = (
            above.silent
            or tag == "svg"
            or bool({"hidden", "aria-hidden", "disabled"} & has.keys())
            or bool(classes & _SILENT_CLASSES)
            or has.get("lang", self._language) != self._language
        )
        own = tag in _SAID and (above.words is None or tag == "button")
        now = _Open(
            tag, part, silent, above.private or "data-private" in has or "field" in classes, [] if own else above.words
        )
        if (label := has.get("aria-label")) and own and not silent and tag == "button":
            now.words, now.silent = [label], True
        self._open.append(now)

    def handle_data(self, data: str) -> None:
        """Take words."""
        if self._open and not self._open[-1].silent and self._open[-1].words is not None and data.strip():
            self._open[-1].words.append(" ".join(data.split()))

    def handle_endtag(self, tag: str) -> None:
        """End an element, and say its line if it has one of its own."""
        if tag in _VOID or not self._open:
            return
        done = self._open.pop()
        above = self._open[-1].words if self._open else None
        if done.words is None or done.words is above or not done.part:
            return
        if text := (". " if done.tag == "button" else " ").join(done.words):
            line = f"{self._choice} {text}" if done.tag == "button" else text
            self.parts[done.part].append((line, done.private))
