"""pip's options for a machine with Debian: `pip_target.py ARCH PYTHON` prints them (ARCH is Debian's name).

With LOCK… behind it asks the package index instead and prints, as sha256sum(1) does, the file that pip takes there for
each pin of these locks: a wheel for that machine and that Python, else a source. Each must say by its metadata that it
is for this Python.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
GLIBC = 36
"""Debian 12 has glibc 2.36; Debian 13 a newer one."""


def options(arch: str, python: str) -> list[str]:
    """Return which wheels run there."""
    machine = MACHINES[arch]
    platforms = [*(f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC, 16, -1)), f"manylinux2014_{machine}"]
    chosen = ["--implementation", "cp", "--python-version", python]
    chosen += [f"--abi={abi}" for abi in (f"cp{python.replace('.', '')}", "abi3", "none")]
    return chosen + [f"--platform={each}" for each in (*platforms, f"linux_{machine}")]


def files(arch: str, python: str, locks: list[str]) -> list[tuple[str, str]]:
    """Return SHA-256 and name of each file, by name; raise CalledProcessError where a pin has none."""
    found = set()
    for lock in locks:
        with tempfile.TemporaryDirectory() as folder:
            pins = Path(folder) / "pins"
            argv = [sys.executable, Path(__file__).with_name("locked_for.py"), lock, arch, python]
            pins.write_bytes(subprocess.run(argv, stdout=subprocess.PIPE, check=True).stdout)
            pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--dry-run"]
            pip += ["--ignore-installed", "--no-deps", "--require-hashes", "--report", "-", "--target", folder]
            said = subprocess.run([*pip, *options(arch, python), "-r", pins], stdout=subprocess.PIPE, check=True).stdout
        for each in json.loads(said)["install"]:
            download = each["download_info"]
            found.add((download["archive_info"]["hashes"]["sha256"], download["url"].rpartition("/")[2]))
    return sorted(found, key=lambda each: each[1])


def main() -> None:
    """Print options, or files."""
    arch, python, *locks = sys.argv[1:]
    if not locks:
        print("\n".join(options(arch, python)))
        return
    for digest, name in files(arch, python, locks):
        print(f"{digest}  {name}")


if __name__ == "__main__":
    main()
