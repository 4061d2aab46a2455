"""The Ed25519 keys of a repository: each private half in a file of its own, encrypted, wherever its holder keeps it."""

from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from securesystemslib.signer import CryptoSigner, SSlibKey

from hub.signing.credentials import write_private

_PEM = serialization.Encoding.PEM


class KeyWrong(Exception):
    """A key file can't be used; the text says which and why."""


def make(path: Path, passphrase: str) -> Path:
    """Make a key in `path` (never over another) and its public half beside it, which is returned; raise KeyWrong."""
    public = path.with_name(f"{path.name}.pub")
    if path.exists() or public.exists():
        raise KeyWrong(f"{path} or {public} is there already; a key is never written over")
    key = Ed25519PrivateKey.generate()
    lock = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    write_private(path, key.private_bytes(_PEM, serialization.PrivateFormat.PKCS8, lock))
    public.write_bytes(key.public_key().public_bytes(_PEM, serialization.PublicFormat.SubjectPublicKeyInfo))
    return public


def signer(path: Path, passphrase: str) -> CryptoSigner:
    """Return what signs with the key in `path`; raise KeyWrong."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), passphrase.encode() if passphrase else None)
    except (OSError, ValueError, TypeError) as fault:
        raise KeyWrong(f"the key {path} can't be opened: {fault}") from fault
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyWrong(f"{path} is no Ed25519 key; make one with `tram release key`")
    return CryptoSigner(key)


def public(path: Path) -> SSlibKey:
    """Return the public key in `path`; raise KeyWrong."""
    try:
        key = serialization.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as fault:
        raise KeyWrong(f"the public key {path} can't be read: {fault}") from fault
    if not isinstance(key, Ed25519PublicKey):
        raise KeyWrong(f"{path} is no Ed25519 key; name the .pub file that `tram release key` made")
    return SSlibKey.from_crypto(key)
