"""The hub's keys that open sealed evidence of identity: one that kiosks seal to, and those before it.

A kiosk is given the public half when it is enrolled and asks for a newer one by itself each hour. An old key opens what
was sealed to it until nobody can need that any more (R13); then it is destroyed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from contract.identity_evidence import key_id
from hub.signing.credentials import write_once, write_private, write_whole
from hub.signing.faults import PkiDamaged

KEY, PUBLIC = "evidence.key.pem", "evidence.pub.pem"
OVERLAP = timedelta(days=30)
"""So long an old key is kept at least: a kiosk without a network may send what it sealed meanwhile."""
_PEM = serialization.Encoding.PEM


@dataclass(frozen=True, slots=True)
class EvidenceKeys:
    """The keys in `folder` (PKCS#8 PEM, mode 0600), read anew each time: another hub, or a command, may rotate them.

    `evidence.key.pem` is the current one, `evidence.pub.pem` its public half, `<when it was replaced>-<id>.old.pem`
    those before. Every method raises PkiDamaged where a file can't be read.
    """

    folder: Path

    @classmethod
    def ensure(cls, folder: Path) -> "EvidenceKeys":
        """Return the keys, the first one made where there is none.

        Of two hubs that start over one folder at the same time both have the key of the first.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        keys = cls(folder)
        write_once(folder / KEY, _pem(X25519PrivateKey.generate()))
        keys._publish()
        return keys

    @property
    def current(self) -> X25519PrivateKey:
        """What kiosks seal to."""
        return _read(self.folder / KEY)

    @property
    def all(self) -> list[X25519PrivateKey]:
        """Every key that may still open something, the current one first."""
        return [self.current, *map(_read, self._old())]

    @property
    def public_pem(self) -> bytes:
        """The public half of the current key."""
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.current.public_key().public_bytes(_PEM, form)

    def rotate(self, now: datetime) -> str:
        """Put a fresh key in the place of the current one, which is kept; return its id. A power cut leaves either."""
        before = self.current
        kept = self.folder / f"{int(now.timestamp())}-{key_id(before.public_key())}.old.pem"
        write_private(kept, _pem(before))
        fresh = X25519PrivateKey.generate()
        write_private(self.folder / KEY, _pem(fresh))
        self._publish()
        return key_id(fresh.public_key())

    def overdue(self, now: datetime) -> list[str]:
        """Return the ids of old keys whose overlap is over."""
        return [_id_of(path) for path in self._old() if _replaced_at(path) + OVERLAP.total_seconds() < now.timestamp()]

    def destroy(self, ids: Collection[str]) -> None:
        """Destroy old keys; what was sealed to them never opens again."""
        for path in self._old():
            if _id_of(path) in ids:
                path.unlink(missing_ok=True)

    def _old(self) -> list[Path]:
        return sorted(self.folder.glob("*.old.pem"), reverse=True)

    def _publish(self) -> None:
        path, public = self.folder / PUBLIC, self.public_pem
        if not path.exists() or path.read_bytes() != public:
            write_whole(path, public, mode=0o644)


def _replaced_at(path: Path) -> int:
    return int(path.name.partition("-")[0])


def _id_of(path: Path) -> str:
    return path.name.partition("-")[2].removesuffix(".old.pem")


def _pem(key: X25519PrivateKey) -> bytes:
    return key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _read(path: Path) -> X25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as fault:
        raise PkiDamaged(f"The key {path.name} can't be read ({fault})") from fault
    if not isinstance(key, X25519PrivateKey):
        raise PkiDamaged(f"The file {path.name} holds no X25519 key")
    return key
