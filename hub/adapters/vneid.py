"""VNeID: has the citizen this paper there, so that no certified copy is needed (DOMAIN F32)?

Published is how an officer does it by hand (Công văn 1101/BCA-QLHC of 11 April 2023): the citizen lets VNeID show a QR
code, which lasts a minute, and the officer's own VNeID scans it. How a machine may do it is not published; this is our
guess: `POST <url>/presentations` with the code, a bearer token and an Idempotency-Key. By holding the code out the
citizen agrees; who they are is said to VNeID alone, and nothing but yes or no, and until when, comes back.
"""

from datetime import date
from typing import Protocol

from msgspec import Struct

from contract.messages import Held, NeedAnswered, WalletPaper
from hub.adapters.peer import Peer, Unavailable
from hub.adapters.settings import PeerConfig


class Presentation(Struct, frozen=True, kw_only=True):
    """The question; the same request again gets the same answer."""

    request: str
    paper: WalletPaper
    code: str


class _Said(Struct, frozen=True):
    request: str
    held: Held
    until: date | None = None


class Vneid(Protocol):
    """Who can be asked."""

    def ask(self, presentation: Presentation) -> NeedAnswered:
        """Return what VNeID says; raise Unavailable or Refused."""


class HttpVneid:
    """VNeID at the address of the configuration."""

    def __init__(self, config: PeerConfig) -> None:
        self._peer = Peer(config)

    def ask(self, presentation: Presentation) -> NeedAnswered:
        """Send the code; return the answer."""
        said = self._peer.ask("/presentations", presentation, _Said, key=presentation.request)
        if said.request != presentation.request:
            raise Unavailable("its answer is about another question")
        return NeedAnswered(held=said.held, until=said.until)
