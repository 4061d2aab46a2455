"""A publisher with three holders of the root, and a stranger who has the same tools and other keys."""

import sysconfig
from pathlib import Path

from agent.update.release import Release
from contract.clock import Clock, SystemClock
from provisioning.releasing import keys, packing, root
from provisioning.releasing.packing import Parts
from provisioning.releasing.repository import ReleaseRepository
from provisioning.releasing.root import Holders
from tests.prove.update import program
from tests.prove.update.program import Manner


class Publisher:
    """One repository below `folder`/repository with its keys beside it."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.clock, self.keys = clock or SystemClock(), folder / "keys"
        self.repository, self._wheels = folder / "repository", folder / "wheels"
        self.keys.mkdir(parents=True)
        self._wheels.mkdir()
        for name in ("root1", "root2", "root3", "targets", "online"):
            keys.make(self.keys / name, "")
        self.new_root(("root1", "root2"))
        self.number = 0
        self.helper = "1.0"

    @property
    def first_root(self) -> bytes:
        """The root that a kiosk is installed with."""
        return (self.repository / "metadata" / "1.root.json").read_bytes()

    def key(self, name: str) -> Path:
        """Return a key's private file."""
        return self.keys / name

    def replace_key(self, name: str) -> None:
        """Make another key in the place of one."""
        for path in (self.key(name), self.key(f"{name}.pub")):
            path.rename(path.with_name(f"old-{path.name}"))
        keys.make(self.key(name), "")

    def new_root(self, signers: tuple[str, ...], threshold: int = 2) -> int:
        """Bring a new root with the keys there are into force, signed by `signers`; return its version."""
        public = {
            name: keys.public(self.key(f"{name}.pub")) for name in ("root1", "root2", "root3", "targets", "online")
        }
        holders = Holders(
            root=[public[f"root{place}"] for place in (1, 2, 3)], threshold=threshold, targets=[public["targets"]],
            online=[public["online"]],
        )  # fmt: skip
        proposed = root.propose(self.repository, holders, self.clock)
        for name in signers:
            root.sign(proposed, keys.signer(self.key(name), ""))
        return root.accept(self.repository, proposed)

    @property
    def store(self) -> ReleaseRepository:
        """The repository with the keys that sign."""
        targets, online = (keys.signer(self.key(name), "") for name in ("targets", "online"))
        return ReleaseRepository(self.repository, self.clock, targets=targets, online=online)

    def publish(self, version: str, manner: Manner = Manner.GOOD) -> Release:
        """Publish one more release of the stand-in."""
        self.number += 1
        parts = []
        for name, content in (program.app(version, manner), program.package(self.helper)):
            (self._wheels / name).write_bytes(content)
            parts.append(self._wheels / name)
        app, *wheels = parts
        made = packing.pack(
            self.repository,
            Parts(app=app, wheels=wheels, platform=sysconfig.get_platform(), python=sysconfig.get_python_version()),
            self.number,
            self.clock.now(),
        )
        self.store.publish(made)
        return made
