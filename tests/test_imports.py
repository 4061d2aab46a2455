"""The import rule of the house: downwards only, and each outside thing known to one room alone.

The list below is the design's; a new room is added here on purpose or not at all.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

pytestmark = pytest.mark.xdist_group("imports")  # one worker reads the tree

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("agent", "contract", "hub", "models", "firmware_bridge", "provisioning")

MAY_IMPORT = {
    "contract": {"contract"},
    "models": {"models", "contract"},
    "models.reader": {"models", "agent.reading", "contract"},  # what is trained is looked at as the kiosk looks at it
    "models.persons": {  # what the liveness cues are tuned on
        "models.persons", "agent.identity.face_mesh", "agent.identity.liveness", "contract",
    },
    "models.linefinder": {"models", "agent.reading", "contract"},
    "models.pagefinder.sides": {"models", "agent.reading.shrink"},
    "models.pagefinder.learn_side": {"models", "agent.reading.engine"},
    "agent.reading": {
        "agent.reading", "agent.identity.mrz", "contract", "models.manifest", "models.pagefinder.levels",
        "models.pagefinder.strips",
    },
    "agent.identity": {"agent.identity", "agent.apdu", "contract", "models.manifest"},
    "agent.attendant": {
        "agent.attendant", "agent.apart", "agent.devices", "agent.identity", "agent.reading.card_code",
        "agent.reading.codes", "contract",
    },
    "agent.apart": set(),
    "agent.catalogue": {"agent.catalogue", "agent.reading.folding", "agent.whole_file", "contract"},
    "agent.copies": {"agent.copies", "agent.reading.values", "contract"},
    "agent.whole_file": set(),
    "agent.apdu": set(),  # the reader carries APDUs, the identity room writes them
    "agent.devices": {
        "agent.devices", "agent.apdu", "agent.whole_file", "contract", "firmware_bridge.bridge",
        "firmware_bridge.errors", "firmware_bridge.protocol", "firmware_bridge.session",
    },
    "agent.ledger": {"agent.ledger", "agent.whole_file", "contract"},
    "agent.link": {"agent.link", "agent.ledger", "agent.whole_file", "contract"},
    "agent.desk": {"agent.desk", "agent.desk_child", "agent.reading", "agent.copies", "contract"},
    "agent.desk_child": {
        "agent.reading", "agent.copies.image", "agent.copies.jpeg2000", "contract", "models.manifest",
    },
    "agent.journeys": {
        "agent.journeys", "agent.catalogue", "agent.reading", "agent.identity", "agent.copies", "agent.devices",
        "agent.ledger", "agent.link", "agent.desk", "contract",
    },
    "agent.screen": {
        "agent.screen", "agent.catalogue", "agent.copies.guide_slip", "agent.copies.typefaces", "agent.journeys",
        "agent.devices", "agent.ledger", "agent.link", "contract",
    },
    "agent.telemetry": {
        "agent.devices", "agent.journeys", "agent.link", "agent.upkeep.machine", "contract",
    },
    "agent.upkeep": {
        "agent.upkeep", "agent.catalogue", "agent.devices", "agent.journeys", "agent.ledger", "agent.link",
        "agent.telemetry", "agent.update.lease", "agent.update.place", "agent.update.progress", "agent.whole_file",
        "contract",
    },
    "agent.update": {"agent.update", "agent.ledger.schema", "agent.whole_file", "contract"},
    "agent.config": {"agent.update.place", "contract"},
    "agent.configured": {"agent.config", "agent.devices", "agent.ledger", "agent.link", "contract"},
    "agent.assembly": {
        "agent.catalogue", "agent.config", "agent.configured", "agent.desk", "agent.devices", "agent.identity",
        "agent.journeys", "agent.ledger", "agent.link", "agent.update", "agent.upkeep", "contract",
    },
    "agent.serving": {"agent", "contract"},
    "agent.kiosk": {"agent", "contract", "models.manifest"},
    "hub": {"hub", "contract"},
    "hub.verify.paper_photo": {"hub", "contract", "agent.reading"},  # the same eyes for the paper as at the kiosk
    "firmware_bridge": {"firmware_bridge", "contract"},
    "provisioning": {"provisioning", "agent", "hub", "contract", "models", "firmware_bridge"},
}  # fmt: skip

ONLY_THERE = {
    "sqlite3": ("agent.ledger", "agent.catalogue", "hub.store"),
    "aiomqtt": ("agent.link.mqtt", "hub"),
    "paho": ("hub",),
    "sqlalchemy": ("hub",),
    "tuf": ("agent.update", "provisioning.releasing"),
    "installer": ("agent.update.building",),
}

NO_IO = ("agent.reading", "agent.copies")
IO_MODULES = {"socket", "subprocess", "asyncio", "aiohttp", "httpx", "requests", "sqlite3"}


class Read(NamedTuple):
    """What is asked of a module; its tree is not kept, so that no other test's memory is walked for it."""

    imports: tuple[str, ...]
    attributes: frozenset[str]


@cache
def _modules() -> dict[str, Read]:
    read = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))))
            read[name] = Read(tuple(_named(name, nodes)), frozenset(_attributes(nodes)))
    return read


def _named(module: str, nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = [*_package(module, node.level), *filter(None, (node.module,))]
            yield from (".".join((*origin, alias.name)) for alias in node.names)


def _attributes(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def _package(module: str, level: int) -> list[str]:
    """Return what `level` leading dots stand for in `module`."""
    if not level:
        return []
    parts = module.split(".")
    is_package = (ROOT / Path(*parts) / "__init__.py").exists()
    return parts[: len(parts) - level + is_package]


def _inside(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def _room_of(module: str) -> str | None:
    return max((room for room in MAY_IMPORT if _inside(module, room)), key=len, default=None)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_room_imports_only_what_lies_below_it(room: str) -> None:
    wrong = [
        f"{module} imports {name}"
        for module, read in _modules().items()
        if _room_of(module) == room
        for name in read.imports
        if name.split(".")[0] in ROOMS and not any(_inside(name, allowed) for allowed in MAY_IMPORT[room])
    ]
    assert wrong == []


def test_every_module_lives_in_a_room_with_a_rule() -> None:
    lawless = [module for module in _modules() if _room_of(module) is None and module != "agent"]
    assert lawless == []


@pytest.mark.parametrize("library", ONLY_THERE)
def test_library_is_known_to_its_room_alone(library: str) -> None:
    rooms = ONLY_THERE[library]
    wrong = [
        module
        for module, read in _modules().items()
        if any(_inside(name, library) for name in read.imports) and not any(_inside(module, room) for room in rooms)
    ]
    assert wrong == []


def test_reading_and_copies_do_no_input_or_output_of_their_own() -> None:
    wrong = [
        f"{module} imports {name}"
        for module, read in _modules().items()
        if any(_inside(module, room) for room in NO_IO)
        for name in read.imports
        if name.split(".")[0] in IO_MODULES
    ]
    assert wrong == []


def test_time_comes_from_the_clock_alone() -> None:
    others = {"time.sleep", "datetime.now", "datetime.utcnow", "date.today"}
    wrong = [
        module
        for module, read in _modules().items()
        if module.split(".")[0] in ("agent", "contract", "hub") and module != "contract.clock"
        if read.attributes & others
    ]
    assert wrong == []
