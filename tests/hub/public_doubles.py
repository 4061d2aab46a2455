"""What the tests of the public pages share."""

from dataclasses import dataclass

from fastapi.testclient import TestClient

from contract.clock import SimulatedClock
from contract.messages import Certified
from hub.rooms import Hub
from hub.signing import pki
from hub.store.tables import Issue, RequestRow

BASE = "HTTPS://TRAM.EXAMPLE.VN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A hub with one signed copy, and its public face."""

    hub: Hub
    keys: pki.Pki
    web: TestClient
    copy: Certified
    clock: SimulatedClock

    @property
    def path(self) -> str:
        return self.copy.verify_url.removeprefix(BASE)

    def pdf(self) -> bytes:
        """The electronic copy as the kiosk puts it together: draft and tail."""
        with self.hub.database.reading() as session:
            issue = session.get_one(Issue, self.copy.copy_id)
            draft = session.get_one(RequestRow, issue.request).draft_sha256
            parts = (self.hub.drafts.get(draft), self.hub.tails.get(issue.tail_sha256 or ""))
        return b"".join(part for part in parts if part)
