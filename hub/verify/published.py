"""The trust statement that the hub publishes, made anew when an annulment is recorded and every hour."""

from datetime import datetime, timedelta
from threading import Lock

from hub.register import annulments
from hub.rooms import Hub
from hub.signing.pki import Annulment, Pki

FRESH_FOR = timedelta(hours=1)


class PublishedTrust:
    """Callable that returns `trust.json` as it is to be published now; also kept as a file in the data folder."""

    def __init__(self, hub: Hub, pki: Pki) -> None:
        self._hub, self._pki = hub, pki
        self._path = hub.config.data_dir / "trust.json"
        self._made: tuple[datetime, int] | None = None
        self._making = Lock()

    def __call__(self) -> bytes:
        """Return the statement's bytes."""
        rows = annulments.all_of(self._hub)
        now = self._hub.clock.now()
        with self._making:
            if self._made is None or self._made[1] != len(rows) or now - self._made[0] > FRESH_FOR:
                annulled = [
                    Annulment(copy_id=row.copy_id, decision_no=row.decision_no, at=row.at, reason=row.reason_class)
                    for row in rows
                ]
                base_url = self._hub.config.verify_base_url
                self._pki.export_trust(self._path, verify_base_url=base_url, annulled=annulled)
                self._made = (now, len(rows))
            return self._path.read_bytes()
