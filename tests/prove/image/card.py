"""The card as another computer sees it after the power is gone: partitions, judges of the data that are not ours."""

import sqlite3
import struct
import subprocess
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SECTOR = 512
HEAD = 34 * SECTOR
_ENTRY = struct.Struct("<16s16sQQQ72s")


class DataBroken(AssertionError):
    """What lies on the data partition is not whole; the text has the judge's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """Where one lies, in bytes."""

    label: str
    type: uuid.UUID
    offset: int
    size: int


def partitions(head: bytes) -> Mapping[str, Partition]:
    """Return the partitions of a GPT (UEFI 2.10, 5.3; the first 34 sectors) by label."""
    count, length = struct.unpack_from("<II", head, SECTOR + 80)
    found = {}
    for number in range(count):
        entry = _ENTRY.unpack_from(head, 2 * SECTOR + number * length)
        if label := entry[5].decode("utf-16-le").rstrip("\0"):
            kind = uuid.UUID(bytes_le=entry[0])
            size = (entry[3] - entry[2] + 1) * SECTOR
            found[label] = Partition(label=label, type=kind, offset=entry[2] * SECTOR, size=size)
    return found


def part_of(card: Path, label: str, work: Path) -> Partition:
    """Return a partition of a qcow2 card, as large as it is now."""
    return partitions(cut_out(card, 0, HEAD, work / "gpt.img").read_bytes())[label]


def cut_out(card: Path, offset: int, size: int, out: Path) -> Path:
    """Return `out` with these bytes of a qcow2 card, sparse."""
    source = f"driver=raw,offset={offset},size={size},file.driver=qcow2,file.file.filename={card}"
    subprocess.run(["qemu-img", "convert", "--image-opts", "-O", "raw", source, str(out)], check=True)
    return out


def debugfs(request: str, image: Path) -> str:
    """Return what debugfs says to a request about an ext4 image."""
    return subprocess.run(["debugfs", "-R", request, str(image)], capture_output=True, text=True, check=True).stdout


def write_over(card: Path, part: Partition, content: Path) -> None:
    """Write `content` over a partition of a qcow2 card."""
    target = f"driver=raw,offset={part.offset},size={part.size},file.driver=qcow2,file.file.filename={card}"
    argv = ["qemu-img", "convert", "-n", "--target-image-opts", "-f", "raw", str(content), target]
    subprocess.run(argv, check=True)


def change(card: Path, label: str, work: Path, requests: str) -> None:
    """Have debugfs carry these lines out on an ext4 partition of a qcow2 card."""
    part = part_of(card, label, work)
    image = cut_out(card, part.offset, part.size, work / "changed.img")
    argv = ["debugfs", "-w", "-f", "-", str(image)]
    said = subprocess.run(argv, input=requests, capture_output=True, text=True, check=True)
    assert not (wrong := said.stderr.partition("\n")[2]), wrong  # its first line is its version
    write_over(card, part, image)
    image.unlink()


def judge_data(card: Path, work: Path) -> str:
    """Return what e2fsck and SQLite say of the data partition; raise DataBroken.

    As at a boot the file system's journal is replayed first; then nothing may be left to mend.
    """
    work.mkdir(parents=True, exist_ok=True)
    part = part_of(card, "tram-data", work)
    image = cut_out(card, part.offset, part.size, work / "data.img")
    replay = subprocess.run(["e2fsck", "-p", str(image)], capture_output=True, text=True, check=False)
    clean = subprocess.run(["e2fsck", "-fn", str(image)], capture_output=True, text=True, check=False)
    if replay.returncode > 1 or clean.returncode:
        raise DataBroken(f"e2fsck -p: {replay.returncode} {replay.stdout}\ne2fsck -fn: {clean.stdout}{clean.stderr}")
    return f"e2fsck clean, {_judge_ledger(image, work)}"


def _judge_ledger(image: Path, work: Path) -> str:
    for name in ("ledger.sqlite", "ledger.sqlite-wal"):
        (work / name).unlink(missing_ok=True)
        debugfs(f"dump /var/lib/tram/kiosk/{name} {work / name}", image)
    if not (work / "ledger.sqlite").exists():
        return "no ledger yet"
    connection = sqlite3.connect(work / "ledger.sqlite")
    (said,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    if said != "ok":
        raise DataBroken(f"SQLite says of the ledger: {said}")
    return "SQLite's integrity_check ok"
