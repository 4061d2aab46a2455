"""The image's recipe agrees with the package: what units keep outlives the root, owners have fixed numbers."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.prove.image.card import HEAD, partitions

ROOT = Path(__file__).resolve().parents[2]
IMAGE, ETC = ROOT / "systemd/image", ROOT / "systemd/etc"
UNITS = [each for each in sorted((ROOT / "systemd/units").glob("tram*.service")) if each.stem != "tram-hub"]


def accounts(path: Path) -> dict[str, list[str]]:
    """Return the words after the name of each `u` line of a sysusers file."""
    lines = (line.split() for line in path.read_text().splitlines() if line.startswith("u "))
    return {name: rest for _, name, *rest in lines}


def test_every_account_of_the_package_has_a_fixed_number_and_else_the_same_line() -> None:
    package, image = accounts(ETC / "tram-kiosk.sysusers"), accounts(IMAGE / "sysusers.conf")
    numbers = [rest[0] for rest in image.values()]
    assert {name: rest[1:] for name, rest in image.items()} == {name: rest[1:] for name, rest in package.items()}
    assert all(number.isdecimal() for number in numbers) and len(set(numbers)) == len(numbers)


def test_what_services_and_folders_keep_lies_on_the_data_partition() -> None:
    kept = [Path("/", line) for line in (IMAGE / "kept").read_text().split()]
    states = [name for unit in UNITS for name in re.findall(r"^StateDirectory=(\S+)", unit.read_text(), re.MULTILINE)]
    folders = re.findall(r"^d (\S+)", (ETC / "tram-kiosk.tmpfiles").read_text(), re.MULTILINE)
    wanted = [Path("/var/lib", name) for name in states] + [
        Path(each) for each in folders if not each.startswith("/run")
    ]
    assert len(wanted) > 5
    assert [str(each) for each in wanted if not any(each.is_relative_to(folder) for folder in kept)] == []


CHRONY = Path("/usr/lib/systemd/system/chrony.service")


@pytest.mark.skipif(not CHRONY.exists(), reason="needs chrony")
def test_folders_that_systemd_makes_for_chrony_lie_on_the_data_partition() -> None:
    kept = (IMAGE / "kept").read_text().split()
    drop_in = (ROOT / "systemd/units/chrony.service.d/tram-kiosk.conf").read_text()
    said = re.findall(r"^(State|Logs|Cache)Directory=(.*)", f"{CHRONY.read_text()}\n{drop_in}", re.MULTILINE)
    places = {"State": "var/lib", "Logs": "var/log", "Cache": "var/cache"}
    last = {kind: f"{places[kind]}/{name}" for kind, name in said}  # one that is empty takes back those before it
    wanted = [path for path in last.values() if not path.endswith("/")]
    assert wanted and set(wanted) <= set(kept)


def test_cache_of_the_agent_lies_in_memory_and_is_its_own() -> None:
    caches = [name for unit in UNITS for name in re.findall(r"^CacheDirectory=(\S+)", unit.read_text(), re.MULTILINE)]
    mounts = {
        line.split()[1]: line.split()[3]
        for line in (IMAGE / "tree/etc/fstab").read_text().splitlines()
        if line[0] != "#"
    }
    number = accounts(IMAGE / "sysusers.conf")["tram"][0]
    assert caches == ["tram"]
    assert f"uid={number},gid={number}" in mounts["/var/cache/tram"]


@pytest.mark.skipif(not Path("/usr/bin/systemd-repart").exists(), reason="needs systemd-repart")
def test_partitions_are_read_where_systemd_repart_has_laid_them(tmp_path: Path) -> None:
    for number, label, size in ((1, "tram-root-a", "4M"), (2, "tram-data", "6M")):
        text = f"[Partition]\nType=linux-generic\nLabel={label}\nSizeMinBytes={size}\nSizeMaxBytes={size}\n"
        (tmp_path / f"{number}.conf").write_text(text)
    card = tmp_path / "card"
    argv = ["systemd-repart", f"--definitions={tmp_path}", "--empty=create", "--size=16M", "--dry-run=no", card]
    subprocess.run(argv, check=True, capture_output=True)
    found = partitions(card.read_bytes()[:HEAD])
    assert {label: part.size for label, part in found.items()} == {"tram-root-a": 4 << 20, "tram-data": 6 << 20}
    assert found["tram-data"].offset == found["tram-root-a"].offset + (4 << 20)


@pytest.mark.skipif(not Path("/usr/bin/systemd-repart").exists(), reason="needs systemd-repart")
def test_on_a_larger_card_the_data_partition_grows_and_nothing_else(tmp_path: Path) -> None:
    laid = re.findall(r"^  partition (\d) (\S+) (\S+) ", (IMAGE / "build.sh").read_text(), re.MULTILINE)
    assert [label for _, label, _ in laid] == ["tram-boot", "tram-root-a", "tram-root-b", "tram-data"]
    for number, label, kind in laid:
        text = f"[Partition]\nType={kind.replace('$root_type', 'root-x86-64')}\nLabel={label}\n"
        (tmp_path / f"{number}.conf").write_text(f"{text}SizeMinBytes=4M\nSizeMaxBytes=4M\n")
    card = tmp_path / "card"
    repart = ["systemd-repart", "--dry-run=no", card]
    subprocess.run(
        [*repart, f"--definitions={tmp_path}", "--empty=create", "--size=18M"], check=True, capture_output=True
    )
    with card.open("r+b") as file:
        file.truncate(64 << 20)
    subprocess.run([*repart, f"--definitions={IMAGE}/tree/etc/repart.d"], check=True, capture_output=True)
    sizes = {label: part.size for label, part in partitions(card.read_bytes()[:HEAD]).items()}
    assert {label for label, size in sizes.items() if size > 4 << 20} == {"tram-data"}
    assert sizes["tram-data"] > 40 << 20
