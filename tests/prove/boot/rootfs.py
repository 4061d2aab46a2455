"""An empty Debian 12 to install into, made once by mmdebstrap, and the archives of all that the package depends on.

Beside systemd it has only what the proof looks at it with, and what stands in for the panel (Xvfb) and the clock.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path

FOLDER = Path("build/boot").resolve()
BASE, ARCHIVES = FOLDER / "base", FOLDER / "archives"
_INIT = ("systemd", "systemd-sysv", "dbus", "udev", "libpam-systemd", "ca-certificates")
_TOOLS = ("iproute2", "procps", "xvfb", "x11-apps", "netpbm")


def ensure(package: Path, say: Callable[[str], None], *beside: str) -> None:
    """Make base and archives where they are missing (the only steps with a network); raise CalledProcessError.

    `beside` are Debian packages that are to be installed with it.
    """
    if not BASE.exists():
        say("making an empty Debian 12 (mmdebstrap)")
        FOLDER.mkdir(parents=True, exist_ok=True)
        part = FOLDER / "base.part"
        _run("rm", "-rf", str(part))
        wanted = ",".join((*_INIT, *_TOOLS))
        _run(
            "mmdebstrap",
            "--quiet",
            "--variant=minbase",
            "--skip=cleanup/apt",
            f"--include={wanted}",
            "bookworm",
            str(part),
        )
        (part / "etc/apt/apt.conf.d/90keep").write_text('Binary::apt::APT::Keep-Downloaded-Packages "true";\n')
        (part / "etc/hosts").write_text("127.0.0.1 localhost\n")
        part.rename(BASE)
    wanted = subprocess.run(
        ["dpkg-deb", "-f", package, "Depends", "Pre-Depends"], capture_output=True, text=True, check=True
    )
    name = package.name.partition("_")[0]
    stamp, needed = ARCHIVES / f"fetched-for-{name}", f"{wanted.stdout}{' '.join(beside)}"
    if not stamp.exists() or stamp.read_text() != needed:
        say("fetching the Debian packages that it depends on")
        (ARCHIVES / "partial").mkdir(parents=True, exist_ok=True)
        inside = "apt-get install -y -qq --no-install-recommends --download-only /package.deb " + " ".join(beside)
        nspawn = (
            "mkdir -p /run/systemd/nspawn && mount -t tmpfs tmpfs /run/systemd/nspawn && "
            f"exec systemd-nspawn --quiet --register=no --keep-unit --volatile=overlay --directory={BASE} "
            f"--resolv-conf=replace-host --bind={ARCHIVES}:/var/cache/apt/archives "
            f"--bind-ro={package.resolve()}:/package.deb {inside}"
        )
        _run("unshare", "--mount", "sh", "-c", nspawn)
        stamp.write_text(needed)


def _run(*argv: str) -> None:
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
