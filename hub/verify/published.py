"""The trust statement that the hub publishes, made anew when an annulment is recorded and every hour."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Lock

import msgspec
from sqlalchemy import select

from hub.register import annulments, certificates
from hub.rooms import Hub
from hub.roster import Role as Office
from hub.signing import trust
from hub.signing.pki import Pki
from hub.signing.roles import Role
from hub.store.tables import Officer
from hub.verify.trust import Annulment, CertifierEntry

FRESH_FOR = timedelta(hours=1)


class PublishedTrust:
    """Callable that returns `trust.json` as it is to be published now; also kept as files in the data folder.

    `lists` gives the revocation lists (DER) of authorities outside.
    """

    def __init__(self, hub: Hub, pki: Pki, lists: Callable[[], Sequence[bytes]] = tuple) -> None:
        self._hub, self._pki, self._lists = hub, pki, lists
        self._made: tuple[datetime, tuple[int, ...]] | None = None
        self._plain, self._signed = b"", b""
        self._making = Lock()

    def __call__(self) -> bytes:
        """Return the statement's bytes."""
        return self._fresh()[0]

    def signed(self) -> bytes:
        """Return the same statement as signed bundle (`trust.jws`)."""
        return self._fresh()[1]

    def _fresh(self) -> tuple[bytes, bytes]:
        rows = annulments.all_of(self._hub)
        now, state = self._hub.clock.now(), (len(rows), *self._pki.state)
        with self._making:
            if self._made is None or self._made[1] != state or now - self._made[0] > FRESH_FOR:
                annulled = [
                    Annulment(copy_id=row.copy_id, decision_no=row.decision_no, at=row.at, reason=row.reason_class)
                    for row in rows
                ]
                self._make(annulled, now)
                self._made = (now, state)
            return self._plain, self._signed

    def _make(self, annulled: list[Annulment], now: datetime) -> None:
        base_url = self._hub.config.verify_base_url
        certificates.keep_all(self._hub, self._pki)
        with self._hub.database.reading() as session:
            seals = certificates.published(session, Role.SEAL)
            anchors = certificates.published(session, Role.TSA_ANCHOR)
        made = trust.statement(
            self._pki,
            now,
            verify_base_url=base_url,
            annulled=annulled,
            roster=_certifiers(self._hub),
            tsa_anchors=anchors,
            lists=self._lists(),
            earlier_seals=[each for each in seals if not self._pki.is_revoked(each)],
        )
        self._plain = msgspec.json.format(msgspec.json.encode(made))
        self._signed = trust.signed(self._pki, self._plain)
        for name, content in (("trust.json", self._plain), ("trust.jws", self._signed)):
            trust.write(self._hub.config.data_dir / name, content)


def _certifiers(hub: Hub) -> list[CertifierEntry]:
    """Every certifier whom the register may name; who is no longer on the roster is not current."""
    current = {officer.login for officer in hub.config.officers}
    with hub.database.reading() as session:
        ever = select(Officer).where(Officer.role == Office.CERTIFIER).order_by(Officer.login)
        entries = [
            CertifierEntry(
                name=row.name,
                title=row.title,
                authority_document=row.authority_document,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                current=row.login in current,
            )
            for row in session.scalars(ever)
        ]
    return list(dict.fromkeys(entries))
