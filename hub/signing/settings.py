"""[signing], [remote_signing] and [evidence] of hub.toml: where the keys are, who stamps, who says what is revoked."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from contract.messages import Name
from contract.settings import Deadline, Section
from hub.faults import ConfigInvalid


class TokenConfig(Section, frozen=True, kw_only=True):
    """The PKCS#11 token of one certifier: his login, the token's label, and the key's where the token has several."""

    officer: Name
    token: Name
    key: Annotated[str, Meta(max_length=200)] = ""


class SigningConfig(Section, frozen=True, kw_only=True):
    """Certifiers' keys on tokens: `module` is the PKCS#11 driver, each signature must come within `deadline_s`.

    Without this section the keys are PKCS#12 files; with it a certifier signs with his token or not at all.
    """

    module: Path
    tokens: tuple[TokenConfig, ...]
    deadline_s: Deadline = 5.0


class CredentialConfig(Section, frozen=True, kw_only=True):
    """The credential of one certifier at the remote signing service: his login, the credential's id."""

    officer: Name
    credential: Annotated[str, Meta(min_length=1, max_length=200)]


class RemoteSigningConfig(Section, frozen=True, kw_only=True):
    """Certifiers' keys at a remote signing service (CSC API v2, OAuth 2.0 client credentials).

    `url` ends with `/csc/v2`; `ca` names the roots of its TLS certificate (PEM) where they are not the system's. Each
    signature must come within `deadline_s`. With this section a certifier signs with his remote key or not at all.
    """

    url: Annotated[str, Meta(pattern=r"^https?://")]
    client_id: Name
    client_secret_file: Path
    credentials: tuple[CredentialConfig, ...]
    ca: Path | None = None
    deadline_s: Deadline = 15.0

    def client_secret(self) -> str:
        """Return the secret; raise ConfigInvalid."""
        try:
            return self.client_secret_file.read_text(encoding="utf-8").strip()
        except OSError as fault:
            file = self.client_secret_file
            raise ConfigInvalid(
                f"[remote_signing] client_secret_file {file} can't be read: {fault.strerror}."
            ) from fault


class TsaConfig(Section, frozen=True, kw_only=True):
    """A timestamp authority (RFC 3161): `anchors` are the roots (PEM) that its certificate may lead to.

    The file is read at each timestamp, so that an anchor is replaced without a stop.
    """

    name: Name
    url: Annotated[str, Meta(pattern=r"^https?://")]
    anchors: Path
    deadline_s: Deadline = 5.0


class StatusConfig(Section, frozen=True, kw_only=True):
    """A place that says which certificates are revoked: an OCSP responder, or a list that lies there."""

    url: Annotated[str, Meta(pattern=r"^https?://")]
    deadline_s: Deadline = 5.0


class EvidenceConfig(Section, frozen=True, kw_only=True):
    """Where timestamps and revocation data come from, each kind in order of preference.

    Without `tsa` the embedded PKI stamps, without `ocsp` and `crl` it answers for its own certificates, and others are
    asked about where their certificates say. `archive` are folders of signed copies whose last document timestamp is
    renewed `renew_before_days` before its protection ends.
    """

    tsa: tuple[TsaConfig, ...] = ()
    ocsp: tuple[StatusConfig, ...] = ()
    crl: tuple[StatusConfig, ...] = ()
    archive: tuple[Path, ...] = ()
    renew_before_days: Annotated[int, Meta(ge=1, le=700)] = 90


def contradictions(
    signing: SigningConfig | None,
    remote: RemoteSigningConfig | None,
    evidence: EvidenceConfig,
    certifiers: Collection[str],
) -> Iterator[str]:
    """Yield what is wrong with the three sections, in sentences; `certifiers` are the log-ins on the roster."""
    for tsa in evidence.tsa:
        if not tsa.anchors.is_file():
            yield f"[[evidence.tsa]] {tsa.name}: anchors {tsa.anchors} is not there; give the authority's root (PEM)."
    for folder in evidence.archive:
        if not folder.is_dir():
            yield f"[evidence] archive {folder} is no folder; make it or correct the path."
    if signing is not None and remote is not None:
        yield "[signing] and [remote_signing] both say where the certifiers' keys are; keep one of them."
    if remote is not None:
        yield from _in_remote(remote, certifiers)
    if signing is not None:
        yield from _in_tokens(signing, certifiers)


def _in_remote(remote: RemoteSigningConfig, certifiers: Collection[str]) -> Iterator[str]:
    if not remote.url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        yield "the url of [remote_signing] must be reached over https: PINs travel on it."
    for each in remote.credentials:
        if each.officer not in certifiers:
            yield f"[remote_signing] gives a credential to '{each.officer}', who is no certifier on the roster."
    if len({each.credential for each in remote.credentials}) < len(remote.credentials):
        yield "[remote_signing] names a credential twice; its PIN is one officer's alone."


def _in_tokens(signing: SigningConfig, certifiers: Collection[str]) -> Iterator[str]:
    if not signing.module.is_file():
        yield f"[signing] module {signing.module} is not there; install the token's driver or correct the path."
    for token in signing.tokens:
        if token.officer not in certifiers:
            yield f"[signing] gives a token to '{token.officer}', who is no certifier on the roster."
    for what, seen in (
        ("token", [each.token for each in signing.tokens]),
        ("officer", [t.officer for t in signing.tokens]),
    ):
        if len(set(seen)) < len(seen):
            yield f"[signing] names a {what} twice; a token's PIN is one officer's alone."
