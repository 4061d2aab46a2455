"""[adapters] of hub.toml: the systems of other agencies that this hub speaks with; what is left out is not spoken with.

[adapters.moj]         the Ministry of Justice's register                 hub.adapters.moj_register
[adapters.portal]      National Public Service Portal                     hub.adapters.portal
[adapters.vneid]       VNeID: is this paper in the citizen's wallet       hub.adapters.vneid
[adapters.population]  national population database, through LGSP/NDXP    hub.adapters.population
[adapters.ihanoi]      the city's application                             hub.adapters.ihanoi
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from contract.messages import Name
from contract.settings import Deadline, Section
from hub.faults import ConfigInvalid

SHORTEST_KEY = 32
_LOCAL = ("http://127.0.0.1", "http://localhost")


class PeerConfig(Section, frozen=True, kw_only=True):
    """One system: where it is, how the hub shows who it is, and how the answers are known to be its own.

    `secret_file` holds the bearer token. `certificate` and `private_key` (PEM) are the hub's for mutual TLS, `ca` the
    roots of the system's certificate where they are not this computer's. With `signed_by`, a P-256 public key (PEM), an
    answer counts only with a detached JWS (RFC 7515 Appendix F, ES256) of its body in the header `X-JWS-Signature`.
    What gets no answer within `deadline_s` counts as not answered.
    """

    url: Annotated[str, Meta(pattern=r"^https?://")]
    secret_file: Path
    ca: Path | None = None
    certificate: Path | None = None
    private_key: Path | None = None
    signed_by: Path | None = None
    deadline_s: Deadline = 10.0

    def secret(self) -> str:
        """Return the token; raise ConfigInvalid."""
        return read(self.secret_file).decode("utf-8", "replace").strip()


class PortalConfig(PeerConfig, frozen=True, kw_only=True):
    """The portal; `account` logs in with the password in `secret_file`, `destination` is its `dstcode` on the NDXP.

    `downloads` is the address under which the portal reaches this hub; the files themselves are fetched from there.
    """

    account: Name
    downloads: Annotated[str, Meta(pattern=r"^https?://")]
    destination: Name = ""


class PopulationConfig(PeerConfig, frozen=True, kw_only=True):
    """The population database; `procedure` (MaDVC) is what it is asked for, `integration` (MaTichHop) its service."""

    procedure: Name = "2.000815"
    integration: Name = "037"


class IhanoiConfig(PeerConfig, frozen=True, kw_only=True):
    """The city's application; `inbound_key` is the file with the key that it signs its own calls with."""

    inbound_key: Path

    def key(self) -> bytes:
        """Return the key; raise ConfigInvalid."""
        key = read(self.inbound_key).strip()
        if len(key) < SHORTEST_KEY:
            raise ConfigInvalid(f"[adapters.ihanoi] inbound_key {self.inbound_key} has less than {SHORTEST_KEY} bytes.")
        return key


class AdaptersConfig(Section, frozen=True, kw_only=True):
    """The whole section."""

    moj: PeerConfig | None = None
    portal: PortalConfig | None = None
    vneid: PeerConfig | None = None
    population: PopulationConfig | None = None
    ihanoi: IhanoiConfig | None = None

    @property
    def peers(self) -> dict[str, PeerConfig]:
        """The systems that are configured, by name."""
        named: dict[str, PeerConfig | None] = {
            "moj": self.moj, "portal": self.portal, "vneid": self.vneid, "population": self.population,
            "ihanoi": self.ihanoi,
        }  # fmt: skip
        return {name: peer for name, peer in named.items() if peer}


def contradictions(adapters: AdaptersConfig) -> Iterator[str]:
    """Yield what is wrong with the section, in sentences."""
    for name, peer in adapters.peers.items():
        if not peer.url.startswith(("https://", *_LOCAL)):
            yield f"the url of [adapters.{name}] must be reached over https: a token travels on it."
        if (peer.certificate is None) != (peer.private_key is None):
            yield f"[adapters.{name}] needs certificate and private_key together."
    portal = adapters.portal
    if portal and not portal.downloads.startswith(("https://", *_LOCAL)):
        yield "downloads of [adapters.portal] must be an https address: citizens' papers travel from it."


def read(path: Path) -> bytes:
    """Return the content of a file that [adapters] names; raise ConfigInvalid."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise ConfigInvalid(f"{path}, which [adapters] names, can't be read: {fault.strerror}.") from fault
