"""The search: what may be sealed only is nowhere in the clear while the visit runs, and nowhere at all after R13."""

import base64
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from provisioning.onebox import glass
from tests.prove.privacy.marked_box import MarkedBox, Spy
from tests.prove.privacy.markers import Marks, found_in, found_on_disk
from tests.prove.privacy.visit import SeenVisit

SWEEPS_WITHIN_S = 45.0
"""The hub sweeps every 30 s."""


@dataclass(slots=True)
class Outcome:
    """What was looked through, and everything that should not have been there."""

    files: int = 0
    messages: int = 0
    sealed_bytes: int = 0
    wrong: list[str] = field(default_factory=list)


def prove(folder: Path, seed: int, *, talks: bool = False) -> Outcome:
    """Play one visit in `folder` and search; `talks` lets the attendant write a name into the log."""
    marks, outcome = Marks.drawn(seed), Outcome()
    outcome.wrong += blind_spots(marks, folder / "planted")
    needles = marks.needles()
    box = MarkedBox(folder / "box", glass.lay((), folder / "glass"), seed, talks=talks)
    box.start(lambda _: None)
    try:
        spy = Spy(box)
        sealed: dict[str, bytes] = {}

        def while_sealed() -> None:
            sealed.update({path.name: path.read_bytes() for path in _sealed(box.folder)})
            outcome.wrong += [f"while it is sealed: {each}" for each in _on_disk(box.folder, needles)]

        visit = SeenVisit(box, while_sealed)
        result = visit.one_visit(within_s=180)
        if not result.certified or marks.portrait not in visit.portrait or marks.frame not in visit.frame:
            outcome.wrong.append("the officer did not see the marked pictures, or nothing was certified")
        _await_purge(box.folder, outcome)
        for name, content in sealed.items():
            needles = {**needles, f"sealed {name[:8]}": (content[:64], content[-64:])}
        late = Spy(box)  # what the broker has retained
        time.sleep(1.0)
        for each in (spy, late):
            each.close()
        outcome.messages = len(spy.heard)
        outcome.sealed_bytes = sum(map(len, sealed.values()))
        if not sealed:
            outcome.wrong.append("no sealed evidence was ever seen on the disk")
        outcome.wrong += _on_broker([*spy.heard, *late.heard], marks.needles())
    finally:
        box.stop()
    outcome.wrong += [f"after the purge: {each}" for each in _on_disk(box.folder, needles)]
    outcome.files = sum(path.is_file() for path in box.folder.rglob("*"))
    return outcome


def blind_spots(marks: Marks, folder: Path) -> list[str]:
    """Plant each mark in each form and return those that the search does not find."""
    folder.mkdir(parents=True, exist_ok=True)
    missed = []
    for name, form, content in _plants(marks):
        path = folder / "planted.bin"
        path.write_bytes(content)
        if name not in found_on_disk(folder, marks.needles()).get("planted.bin", set()):
            missed.append(f"the search does not find the {name} as {form}")
        path.unlink()
    return missed


def _plants(marks: Marks) -> Iterator[tuple[str, str, bytes]]:
    around = b"...before..."
    for name in ("portrait", "frame", "still"):
        raw: bytes = getattr(marks, name)
        for form, written in _written(raw):
            yield name, form, around + written
    for name in ("name", "number"):
        text: str = getattr(marks, name)
        for form, written in _written(text.encode()):
            yield name, form, around + written
        for code in ("utf-16-le", "utf-16-be"):
            yield name, code, around + text.encode(code)
    for name in ("score", "cue"):
        yield name, "text", around + str(getattr(marks, name)).encode()


def _written(raw: bytes) -> Iterator[tuple[str, bytes]]:
    yield "raw", raw
    yield "hex", raw.hex().encode()
    for before in (b"", b"a", b"ab"):
        yield f"base64 +{len(before)}", base64.b64encode(before + raw + b"zz")
    yield "deflated", zlib.compress(b"x" * 40 + raw + b"y" * 40)


def _await_purge(folder: Path, outcome: Outcome) -> None:
    until = time.monotonic() + SWEEPS_WITHIN_S
    while left := _sealed(folder):
        if time.monotonic() > until:
            outcome.wrong.append(f"not purged: {', '.join(str(path.relative_to(folder)) for path in left)}")
            return
        time.sleep(0.5)


def _sealed(folder: Path) -> list[Path]:
    at_hub = [path for path in (folder / "hub" / "evidence").glob("*") if path.is_file()]
    return [*at_hub, *(folder / "kiosk" / "visits").rglob("identity.sealed")]


def _on_disk(folder: Path, needles: Mapping[str, tuple[bytes, ...]]) -> list[str]:
    return [f"{path}: {', '.join(sorted(marks))}" for path, marks in found_on_disk(folder, needles).items()]


def _on_broker(heard: list[tuple[str, bytes]], needles: Mapping[str, tuple[bytes, ...]]) -> list[str]:
    found = [(topic, found_in(topic.encode() + b" " + payload, needles)) for topic, payload in heard]
    return [f"on the broker, {topic}: {', '.join(sorted(marks))}" for topic, marks in found if marks]
