"""[console] of hub.toml: how people log in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from contract.messages import Name
from contract.settings import Section
from hub.roster import Role


class OidcConfig(Section, frozen=True, kw_only=True):
    """An OpenID Connect provider: who logs in there is let in here with the role that `roles` gives one of its groups.

    `redirect_uri` is the console's `/console/oidc/return` as the provider knows it.
    """

    issuer: Annotated[str, Meta(pattern=r"^https?://")]
    client_id: Name
    client_secret_file: Path
    redirect_uri: Annotated[str, Meta(pattern=r"^https?://")]
    login_claim: Name = "preferred_username"
    roles_claim: Name = "roles"
    roles: dict[str, Role]


class ConsoleConfig(Section, frozen=True, kw_only=True):
    """How people log in; without `second_factor` a password alone opens the console."""

    second_factor: bool = True
    oidc: OidcConfig | None = None


def contradictions(console: ConsoleConfig) -> Iterator[str]:
    """Yield what is wrong with the section, in sentences."""
    oidc = console.oidc
    if oidc is not None and not oidc.issuer.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        yield "the issuer of [console.oidc] must be reached over https."
