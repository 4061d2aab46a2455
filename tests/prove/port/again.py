"""The package installed over itself, removed and purged: what is whose, and what whoever disabled it finds."""

from collections.abc import Iterator

from tests.prove.port.rootfs import Debian

INSTALL = ("dpkg", "--force-unsafe-io", "--install", "/package.deb")


def broken_promises(debian: Debian) -> Iterator[str]:
    """Do all of it; yield what is not as promised."""
    of_python = ("-not", "-path", "*/__pycache__*")  # this proof's own, by root: it was not compiled at installation
    if others := debian.run("find", "/opt/tram", "!", "-user", "tram-update", *of_python).split():
        yield f"not the updater's: {others[:5]}"
    if (said := _enabled(debian)) != "enabled":
        yield f"installed, tram.target is {said}"
    before = debian.run("readlink", "/opt/tram/current")
    debian.run("systemctl", "disable", "tram.target")
    debian.run(*INSTALL, PIP_NO_COMPILE="1")
    if (said := _enabled(debian)) != "disabled":
        yield f"an upgrade made a disabled tram.target {said}"
    if debian.run("readlink", "/opt/tram/current") == before:
        yield f"the newer package went into {before}, which runs"
    debian.run("systemctl", "enable", "tram.target")
    debian.run("dpkg", "--remove", "tram-kiosk")
    debian.run(*INSTALL, PIP_NO_COMPILE="1")
    if (said := _enabled(debian)) != "enabled":
        yield f"removed and installed again, tram.target is {said}"
    debian.run("dpkg", "--purge", "tram-kiosk")
    named = ("-name", "tram", "-o", "-name", "tram[-.]*")
    left = debian.run("find", "/etc", "/opt", "/usr", "/var", "(", *named, ")").split()
    if left:
        yield f"left by purge: {left}"


def _enabled(debian: Debian) -> str:
    return debian.run("sh", "-c", "systemctl is-enabled tram.target || true").strip()
