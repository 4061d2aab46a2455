"""Make both sides' tables from protocol.toml: `python -m firmware_bridge.generate`."""

import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
PYTHON_TABLE = _HERE / "protocol.py"
C_TABLE = _HERE / "firmware" / "protocol.h"

Described = dict[str, Any]
_SIZES = {"u8": 1, "u16": 2, "u32": 4}
_LETTERS = {"u8": "B", "u16": "H", "u32": "I"}


def described() -> Described:
    """Return the description of the wire."""
    return tomllib.loads((_HERE / "protocol.toml").read_text("utf-8"))


def python_table(wire: Described) -> str:
    """Return the text of protocol.py."""
    parts = [
        '"""The wire between host and board: codes and messages.\n\n'
        'Made by firmware_bridge/generate.py from protocol.toml; do not edit.\n"""\n\n'
        "import struct\nfrom dataclasses import dataclass\nfrom enum import IntEnum, IntFlag\n"
        "from typing import ClassVar, Self\n",
        f"VERSION = {wire['version']}\nLEASE_MS = {wire['lease_ms']}\n\n",
        _python_enum("FrameKind", "What a frame is for.", wire["frame_kinds"], "IntEnum"),
        _python_enum("Capability", "What a board can do.", wire["capabilities"], "IntFlag"),
    ]
    parts += [_python_enum(name, members["doc"], members, "IntEnum") for name, members in wire["enums"].items()]
    parts.append(_PYTHON_MESSAGE)
    parts += [_python_message(name, message) for name, message in wire["messages"].items()]
    parts.append(_python_registries(wire["messages"]))
    return "\n".join(parts)


def c_table(wire: Described) -> str:
    """Return the text of firmware/protocol.h."""
    parts = [
        "/* The wire between host and board: codes and messages.\n"
        " * Made by firmware_bridge/generate.py from protocol.toml; do not edit. */\n"
        "#ifndef PROTOCOL_H\n#define PROTOCOL_H\n\n#include <stdint.h>\n\n"
        f"enum {{ PROTOCOL_VERSION = {wire['version']}, LEASE_MS = {wire['lease_ms']} }};\n",
        _c_enum("FRAME", wire["frame_kinds"]),
        _c_enum("CAPABLE_OF", wire["capabilities"]),
    ]
    parts += [_c_enum(_upper(name), members) for name, members in wire["enums"].items()]
    parts.append(_C_BYTES)
    parts += [_c_message(name, message) for name, message in wire["messages"].items()]
    parts.append("#endif\n")
    return "\n".join(parts)


def formatted(python: str) -> str:
    """Return Python text as `ruff format` leaves it."""
    return subprocess.run(
        [sys.executable, "-m", "ruff", "format", "-"], input=python, capture_output=True, check=True, text=True
    ).stdout


def main() -> None:
    """Write both files."""
    wire = described()
    PYTHON_TABLE.write_text(formatted(python_table(wire)), "utf-8")
    C_TABLE.write_text(c_table(wire), "utf-8")


_PYTHON_MESSAGE = '''
class Message:
    """One message; `pack` and `unpack` turn it into the bytes after its code and back."""

    CODE: ClassVar[int]
    LAYOUT: ClassVar[struct.Struct]

    def pack(self) -> bytes:
        """Return the bytes."""
        raise NotImplementedError

    @classmethod
    def unpack(cls, body: bytes) -> Self:
        """Return the message; raise struct.error or ValueError where the bytes are none."""
        raise NotImplementedError

'''

_C_BYTES = """\
static inline void put_u8(uint8_t *out, uint8_t value) { out[0] = value; }
static inline void put_u16(uint8_t *out, uint16_t value) { out[0] = (uint8_t)value; out[1] = (uint8_t)(value >> 8); }
static inline void put_u32(uint8_t *out, uint32_t value) {
    put_u16(out, (uint16_t)value);
    put_u16(out + 2, (uint16_t)(value >> 16));
}
static inline uint8_t get_u8(const uint8_t *in) { return in[0]; }
static inline uint16_t get_u16(const uint8_t *in) { return (uint16_t)(in[0] | (uint16_t)in[1] << 8); }
static inline uint32_t get_u32(const uint8_t *in) { return get_u16(in) | (uint32_t)get_u16(in + 2) << 16; }
"""


def _members(table: Described) -> dict[str, Described]:
    return {name: member for name, member in table.items() if isinstance(member, dict)}


def _upper(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() and at else letter for at, letter in enumerate(name)).upper()


def _lower(name: str) -> str:
    return _upper(name).lower()


def _wire_type(kind: str) -> str:
    return kind if kind in _SIZES else "u8"


def _python_enum(name: str, doc: str, table: Described, base: str) -> str:
    lines = [f'class {name}({base}):\n    """{doc}"""\n']
    for member, value in _members(table).items():
        lines.append(f'    {member} = {value["code"]}\n    """{value["doc"][0].upper()}{value["doc"][1:]}."""')
    return "\n".join(lines) + "\n\n"


def _python_type(field: list[Any]) -> str:
    scalar = "int" if field[1] in _SIZES else field[1]
    return f"tuple[{scalar}, ...]" if len(field) > 2 else scalar


def _python_message(name: str, message: Described) -> str:
    fields = message["fields"]
    letters = "".join(f"{field[2] if len(field) > 2 else ''}{_LETTERS[_wire_type(field[1])]}" for field in fields)
    declared = "\n".join(
        f"    {field[0]}: {_python_type(field)}" + (" = 0" if field[0] == "tag" else "") for field in fields
    )
    packed = ", ".join(f"*self.{field[0]}" if len(field) > 2 else f"self.{field[0]}" for field in fields)
    return (
        f'@dataclass(frozen=True, slots=True, kw_only=True)\nclass {name}(Message):\n    """{message["doc"]}"""\n\n'
        f"    CODE: ClassVar[int] = {message['code']:#04x}\n"
        f'    LAYOUT: ClassVar[struct.Struct] = struct.Struct("<{letters}")\n\n{declared}\n\n'
        f'    def pack(self) -> bytes:\n        """Return the bytes."""\n        return self.LAYOUT.pack({packed})\n\n'
        f"    @classmethod\n    def unpack(cls, body: bytes) -> Self:\n"
        f'        """Return the message; raise struct.error or ValueError where the bytes are none."""\n'
        f"{_python_unpacked(fields)}\n\n"
    )


def _python_unpacked(fields: list[list[Any]]) -> str:
    names = ", ".join(f"*{field[0]}" if len(field) > 2 else field[0] for field in fields)
    values = ", ".join(f"{field[0]}={_python_value(field)}" for field in fields)
    one = "," if len(fields) == 1 else ""
    return f"        {names}{one} = cls.LAYOUT.unpack(body)\n        return cls({values})"


def _python_value(field: list[Any]) -> str:
    if len(field) > 2:
        return f"tuple({field[0]})"
    return field[0] if field[1] in _SIZES else f"{field[1]}({field[0]})"


def _python_registries(messages: Described) -> str:
    sides = {"Command": "host", "Report": "board"}
    parts = []
    for union, side in sides.items():
        names = [name for name, message in messages.items() if message["from"] == side and message["code"]]
        parts.append(f"{union} = {' | '.join(names)}\n")
        if side == "board":
            parts.append("REPORTS: dict[int, type[Report]] = {" + ", ".join(f"{n}.CODE: {n}" for n in names) + "}\n")
    return "\n".join(parts)


def _c_enum(prefix: str, table: Described) -> str:
    lines = [
        f"    {prefix}_{name} = {member['code']}, /* {member['doc']} */" for name, member in _members(table).items()
    ]
    return f"enum {prefix.lower()} {{\n" + "\n".join(lines) + "\n};\n"


def _c_message(name: str, message: Described) -> str:
    fields, low = message["fields"], _lower(name)
    size = sum(_SIZES[_wire_type(field[1])] * (field[2] if len(field) > 2 else 1) for field in fields)
    declared = "".join(
        f"    {'uint' + _wire_type(field[1])[1:] + '_t'} {field[0]}{f'[{field[2]}]' if len(field) > 2 else ''};\n"
        for field in fields
    )
    head = textwrap.dedent(f"""\
        /* {message["doc"]} */
        enum {{ MESSAGE_{_upper(name)} = {message["code"]:#04x}, {_upper(name)}_SIZE = {size} }};
    """)
    return f"{head}struct {low} {{\n{declared}}};\n" + (
        _c_reader(low, fields) if message["from"] == "host" else _c_writer(low, fields)
    )


def _c_reader(low: str, fields: list[list[Any]]) -> str:
    return f"static inline void get_{low}(const uint8_t *in, struct {low} *out) {{\n{_c_moves(fields, 'get')}}}\n"


def _c_writer(low: str, fields: list[list[Any]]) -> str:
    return f"static inline void put_{low}(uint8_t *out, const struct {low} *in) {{\n{_c_moves(fields, 'put')}}}\n"


def _c_moves(fields: list[list[Any]], verb: str) -> str:
    lines, at = [], 0
    for field in fields:
        kind, count = _wire_type(field[1]), field[2] if len(field) > 2 else 1
        name, place = field[0] + ("[i]" if count > 1 else ""), f"{at}" + (f" + {_SIZES[kind]} * i" if count > 1 else "")
        move = (
            f"out->{name} = get_{kind}(in + {place});" if verb == "get" else f"put_{kind}(out + {place}, in->{name});"
        )
        lines.append(f"    {f'for (uint8_t i = 0; i < {count}; i++) ' if count > 1 else ''}{move}\n")
        at += _SIZES[kind] * count
    return "".join(lines)


if __name__ == "__main__":
    main()
