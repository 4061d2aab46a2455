"""Objects over a bad network: resumed at the byte, over breaks and restarts; nothing that is not listed is kept."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import httpx
import pytest

from agent.update import fetching
from agent.update.faults import ContentDamaged, RepositoryAway
from agent.update.fetching import Wire, fetch
from agent.update.release import Content, object_path
from contract.clock import SimulatedClock
from tests.prove.update.mirror import Mirror, Served

CONTENT = Random(1).randbytes(300_000)
WANTED = Content(sha256=hashlib.sha256(CONTENT).hexdigest(), size=len(CONTENT))
PATH = object_path(WANTED.sha256)


@pytest.fixture
def mirror(folder: Path) -> Mirror:
    file = folder / "repository" / PATH
    file.parent.mkdir(parents=True)
    file.write_bytes(CONTENT)
    return Mirror(folder=folder / "repository")


@pytest.fixture
def served(mirror: Mirror) -> Iterator[Served]:
    served = mirror.serve()
    yield served
    served.close()


@pytest.fixture
def wire(served: Served, clock: SimulatedClock) -> Iterator[Wire]:
    with httpx.Client() as client:
        yield Wire(served.url, client, clock)


def test_each_byte_comes_once_over_many_breaks(mirror: Mirror, wire: Wire, folder: Path) -> None:
    mirror.breaks = 12
    fetch(wire, WANTED, folder / "part", folder / "done")
    assert (folder / "done").read_bytes() == CONTENT
    assert not (folder / "part").exists()
    assert mirror.sent[PATH] == len(CONTENT) and len(mirror.asked) == 13


def test_what_came_before_a_restart_is_not_asked_for_again(mirror: Mirror, wire: Wire, folder: Path) -> None:
    (folder / "part").write_bytes(CONTENT[:123_457])
    fetch(wire, WANTED, folder / "part", folder / "done")
    assert (folder / "done").read_bytes() == CONTENT
    assert mirror.asked == [(PATH, "bytes=123457-")] and mirror.sent[PATH] == len(CONTENT) - 123_457


def test_all_came_but_the_power_went_before_it_was_put_in_place(mirror: Mirror, wire: Wire, folder: Path) -> None:
    (folder / "part").write_bytes(CONTENT)
    fetch(wire, WANTED, folder / "part", folder / "done")
    assert (folder / "done").read_bytes() == CONTENT and PATH not in mirror.sent


def test_a_server_that_knows_no_range_is_good_enough(mirror: Mirror, wire: Wire, folder: Path) -> None:
    mirror.no_ranges = True
    (folder / "part").write_bytes(CONTENT[:1000])
    fetch(wire, WANTED, folder / "part", folder / "done")
    assert (folder / "done").read_bytes() == CONTENT


def test_network_that_is_away_leaves_what_came(mirror: Mirror, wire: Wire, folder: Path) -> None:
    (folder / "part").write_bytes(CONTENT[:1000])
    mirror.away = True
    with pytest.raises(RepositoryAway, match="after 1000 of 300000 bytes"):
        fetch(wire, WANTED, folder / "part", folder / "done")
    assert (folder / "part").read_bytes() == CONTENT[:1000] and len(mirror.asked) == 1 + fetching.BREAKS


@pytest.mark.parametrize("lie", ["longer", "other"])
def test_a_lie_about_bytes_or_size_leaves_nothing(mirror: Mirror, wire: Wire, folder: Path, lie: str) -> None:
    setattr(mirror, lie, True)
    with pytest.raises(ContentDamaged, match="300000 bytes came, or others"):
        fetch(wire, WANTED, folder / "part", folder / "done")
    assert not (folder / "part").exists() and not (folder / "done").exists()


def test_part_that_a_power_cut_spoilt_is_thrown_away_and_fetched_anew(mirror: Mirror, wire: Wire, folder: Path) -> None:
    (folder / "part").write_bytes(b"\0" * 1000)
    fetch(wire, WANTED, folder / "part", folder / "done")
    assert (folder / "done").read_bytes() == CONTENT and len(mirror.asked) == 2


def test_lie_after_a_good_part_leaves_nothing(mirror: Mirror, wire: Wire, folder: Path) -> None:
    (folder / "part").write_bytes(CONTENT[:1000])
    mirror.longer = True
    with pytest.raises(ContentDamaged):
        fetch(wire, WANTED, folder / "part", folder / "done")
    assert not (folder / "part").exists() and not (folder / "done").exists() and len(mirror.asked) == 2


def test_shorter_object_is_not_asked_for_without_end(mirror: Mirror, wire: Wire, folder: Path) -> None:
    (mirror.folder / PATH).write_bytes(CONTENT[:-1])
    with pytest.raises(ContentDamaged, match="299999 of 300000 bytes"):
        fetch(wire, WANTED, folder / "part", folder / "done")
    assert len(mirror.asked) == 1


def test_server_that_drips_is_left(folder: Path, clock: SimulatedClock) -> None:
    def drip() -> Iterator[bytes]:
        while True:
            clock.advance(20)
            yield b"x"

    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=drip()))
    with httpx.Client(transport=transport) as client, pytest.raises(RepositoryAway, match="3 bytes came in 60 s"):
        fetch(Wire("http://mirror.invalid", client, clock), WANTED, folder / "part", folder / "done")
    assert (folder / "part").read_bytes() == b"xx"
