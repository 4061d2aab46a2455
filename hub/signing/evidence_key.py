"""The hub's key that opens sealed evidence of identity; kiosks are given its public half when they are enrolled."""

import contextlib
import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hub.signing.credentials import write_private, write_whole
from hub.signing.faults import PkiDamaged

KEY, PUBLIC = "evidence.key.pem", "evidence.pub.pem"


def ensure(folder: Path) -> X25519PrivateKey:
    """Return the key in `folder` (PKCS#8 PEM, mode 0600), made where there is none; raise PkiDamaged.

    Of two hubs that start over one folder at the same time both have the key of the first. The public half lies beside
    it (`evidence.pub.pem`).
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / KEY
    if not path.exists():
        _make(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as fault:
        raise PkiDamaged(f"The key {path.name} can't be read ({fault})") from fault
    if not isinstance(key, X25519PrivateKey):
        raise PkiDamaged(f"The file {path.name} holds no X25519 key")
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    if not (folder / PUBLIC).exists():
        write_whole(folder / PUBLIC, public, mode=0o644)
    return key


def _make(path: Path) -> None:
    plain = serialization.NoEncryption()
    made = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain
    )
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    write_private(draft, made)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
