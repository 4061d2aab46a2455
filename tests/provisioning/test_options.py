"""What is typed on an installed machine needs no path, and a user who may not do it is told so."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from provisioning.options import HUB_FILE, KIOSK_FILE
from provisioning.tram import main, tram

UNDER_A_SERVICE = ("kiosk", "hub")


def _commands(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), name)
            assert below is not None
            yield from _commands(below, (*path, name))


def test_every_verb_finds_its_file_where_the_package_puts_it() -> None:
    found = {
        path: option.default
        for path, command in _commands(tram)
        for option in command.params
        if "--config" in option.opts and path not in {(each,) for each in UNDER_A_SERVICE}
    }
    assert len(found) > 25
    assert set(found.values()) == {KIOSK_FILE, HUB_FILE}
    assert {path[0] for path, default in found.items() if default == HUB_FILE} == {"hub", "keys", "catalogue"}


def test_who_may_not_read_the_file_is_told_to_be_root(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text("")

    def closed(path: Path, *_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_text", closed)
    for verb in (["configure", "check"], ["doctor"]):
        monkeypatch.setattr(sys, "argv", ["tram", *verb, "--config", str(file)])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 2
        assert f"{file}" in (said := capsys.readouterr().err)
        assert "Run it as root (sudo)" in said
