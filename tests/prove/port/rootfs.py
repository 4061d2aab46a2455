"""A Debian with all that a package depends on, made once by mmdebstrap; another machine's is emulated by qemu."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("build/port").resolve()
LAYER = FOLDER / "layer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """What a package is for: Debian's names of the machine and of the release."""

    arch: str
    debian: str
    depends: tuple[str, ...]
    """The first choice of each package that it depends on."""

    @property
    def base(self) -> Path:
        """Where the root file system lies."""
        return FOLDER / f"{self.debian}-{self.arch}"


def port_of(package: Path) -> Port:
    """Return what a package is for; raise CalledProcessError where it is none."""
    shown = "${Architecture}\n${Version}\n${Depends}"
    argv = ["dpkg-deb", f"--showformat={shown}", "--show", str(package)]
    arch, version, depends = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split("\n", 2)
    first = tuple(re.split(r"[ (|]", each.strip())[0] for each in depends.split(","))
    return Port(arch=arch, debian="trixie" if version.endswith("+deb13") else "bookworm", depends=first)


def lacking(port: Port) -> str:
    """Return what this machine lacks for the proof and how to get it, or nothing."""
    if os.geteuid():
        return "This proof makes and enters a root file system: run it as root."
    if missing := [each for each in ("mmdebstrap", "arch-test") if not shutil.which(each)]:
        return f"{', '.join(missing)} not found: apt install mmdebstrap arch-test qemu-user-static"
    if subprocess.run(["arch-test", port.arch], stdout=subprocess.DEVNULL, check=False).returncode:
        return (
            f"The kernel does not run {port.arch} programs: apt install qemu-user-static, then "
            "cat /usr/lib/binfmt.d/qemu-aarch64.conf > /proc/sys/fs/binfmt_misc/register"
        )
    return ""


def ensure(port: Port, say: Callable[[str], None]) -> None:
    """Make the base where it is missing (the only step with a network); raise CalledProcessError."""
    if port.base.exists():
        return
    say(f"making a Debian {port.debian} for {port.arch} with what the package depends on (mmdebstrap)")
    FOLDER.mkdir(parents=True, exist_ok=True)
    part = port.base.with_suffix(".part")
    subprocess.run(["rm", "-rf", part], check=True)
    argv = ["mmdebstrap", "--quiet", f"--architectures={port.arch}", "--variant=minbase"]
    subprocess.run([*argv, f"--include={','.join(port.depends)}", port.debian, part], check=True)
    part.rename(port.base)


class Debian:
    """The base under a layer that is lost when it is mounted anew; commands run in it without a network."""

    def __init__(self, port: Port) -> None:
        self.root = LAYER / "root"
        LAYER.mkdir(parents=True, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", LAYER], check=True)
        for each in ("root", "upper", "work"):
            (LAYER / each).mkdir()
        layers = f"lowerdir={port.base},upperdir={LAYER / 'upper'},workdir={LAYER / 'work'}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, self.root], check=True)
        for each in ("dev", "proc", "sys"):  # onnxruntime ends the process where it can't read /sys
            subprocess.run(["mount", "--rbind", f"/{each}", self.root / each], check=True)

    def run(self, *argv: str, **environment: str) -> str:
        """Return what a command says; raise CalledProcessError."""
        clean = ["env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"]
        given = [f"{name}={value}" for name, value in environment.items()]
        done = subprocess.run(
            ["chroot", self.root, *clean, *given, *argv], stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout
