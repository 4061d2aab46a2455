"""A chip identity card that is not there: BAC, PACE, secure messaging, active and chip authentication (ICAO 9303-11).

Its cryptography is its own (`eid_curve`, `eid_session`), for it judges the reader's. Faults are chosen at its making.
"""

import hashlib
import secrets
from collections.abc import Callable

from provisioning.onebox.eid_active import signed
from provisioning.onebox.eid_curve import P256
from provisioning.onebox.eid_files import BSI, CARD_ACCESS, SECURITY_OBJECT, EidData
from provisioning.onebox.eid_pace import CardPace, Wrong
from provisioning.onebox.eid_session import CardSession, Refused, crypt, derived, mac, split, tlv
from provisioning.onebox.virtual_card import NOT_FOUND, OK, WRONG_INSTRUCTION, WRONG_LENGTH, Heard, VirtualCard

_DENIED, _SECURITY, _CONDITIONS, _BROKEN = 0x6300, 0x6982, 0x6985, 0x6988
_OFFSET, _END = 0x6B00, 0x6282

Spoil = Callable[[int, bytes], bytes]
"""Called with the answer's number (from 1) and its bytes, returns what is said instead."""

Plant = Callable[[Heard, bytes, int], tuple[bytes, int]]
"""Called with a command, data and status before they are protected, returns what the chip itself says instead."""


class EidCard(VirtualCard):
    """The card; `spoil` alters its answers on the way, `plant` what it says itself under protection too.

    `skip_count_at` makes it lose count before that protected answer.
    """

    def __init__(
        self,
        data: EidData,
        *,
        pull_at: int = 0,
        spoil: Spoil | None = None,
        plant: Plant | None = None,
        skip_count_at: int = 0,
    ) -> None:
        super().__init__(pull_at=pull_at)
        self.data, self._files, self._skip = data, data.files, skip_count_at
        self._spoil, self._plant = spoil, plant
        self._said = 0
        self._session: CardSession | None = None
        self._next: tuple[int, bytes] | None = None
        self._pace: CardPace | None = None
        self._forget()

    def power_up(self) -> None:
        """Forget session, selection and challenge."""
        super().power_up()
        self._forget()

    def exchange(self, apdu: bytes) -> bytes:
        """Return what the card says, spoilt where that is chosen."""
        answer = super().exchange(apdu)
        self._said += 1
        return self._spoil(self._said, answer) if self._spoil else answer

    def answer(self, command: Heard) -> tuple[bytes, int]:
        """Return data and status word; a command under secure messaging is answered in kind."""
        if command.cla & 0x0C != 0x0C:
            opened, self._session = self._session is not None, None
            return (b"", _SECURITY) if opened else self._said_to(command)
        if self._session is None:
            return b"", _BROKEN
        session = self._session
        try:
            inner = session.opened(command)
        except Refused:
            self._session = None
            return b"", _BROKEN
        data, status = self._said_to(inner)
        said = session.closed(data, status)
        if self._next:
            self._begin(*self._next)
            self._next = None
        return said, OK

    def _forget(self) -> None:
        self._session = self._next = self._pace = None
        self._file, self._challenge, self._chip_chosen = b"", b"", False

    def _said_to(self, command: Heard) -> tuple[bytes, int]:
        data, status = self._plain(command)
        return self._plant(command, data, status) if self._plant else (data, status)

    def _plain(self, command: Heard) -> tuple[bytes, int]:
        match command.ins, command.p1, command.p2:
            case 0xA4, 0x04, _:
                return self._select(command.data)
            case 0xA4, 0x02, _:
                return self._select_file(int.from_bytes(command.data, "big"))
            case 0xB0, high, low:
                return self._read(high << 8 | low, command.wanted)
            case 0x84, _, _:
                self._challenge = secrets.token_bytes(8)
                return self._challenge, OK
            case 0x82, _, _:
                return self._external_authenticate(command.data)
            case 0x22, 0xC1, 0xA4:
                return self._set_pace(command.data)
            case 0x22, 0x41, 0xA4:
                self._chip_chosen = split(command.data).get(0x80) == self._chip_oid()
                return b"", OK if self._chip_chosen else NOT_FOUND
            case 0x22, 0x41, 0xA6:
                return self._chip_authenticate(split(command.data).get(0x91, b""), kind=1)
            case 0x86, _, _:
                return self._general_authenticate(command.data)
            case 0x88, _, _:
                return self._internal_authenticate(command.data, command.wanted)
        return b"", WRONG_INSTRUCTION

    def _select_file(self, identifier: int) -> tuple[bytes, int]:
        self._file = b""
        if identifier == SECURITY_OBJECT and not self.selected and self._session:
            self._file = self.data.card_security
            return b"", OK if self._file else NOT_FOUND
        if identifier not in self._files:
            return b"", NOT_FOUND
        if identifier != CARD_ACCESS and not (self._session and self.selected):
            return b"", _SECURITY
        self._file = self._files[identifier]
        return b"", OK

    def _read(self, offset: int, wanted: int) -> tuple[bytes, int]:
        if not self._file:
            return b"", _CONDITIONS
        if offset >= len(self._file):
            return b"", _OFFSET
        part = self._file[offset : offset + wanted]
        return part, OK if len(part) == wanted else _END

    def _external_authenticate(self, data: bytes) -> tuple[bytes, int]:
        seed = hashlib.sha1(self.data.information.encode(), usedforsecurity=False).digest()[:16]
        encryption, authentication = derived(1, seed, 1), derived(1, seed, 2)
        challenge, self._challenge = self._challenge, b""
        if len(data) != 40 or not challenge or mac(1, authentication, data[:32]) != data[32:]:
            return b"", _DENIED
        plain = crypt(1, encryption, data[:32], back=True)
        if plain[8:16] != challenge:
            return b"", _DENIED
        theirs, half = plain[16:], secrets.token_bytes(16)
        sealed = crypt(1, encryption, challenge + plain[:8] + half)
        self._begin(1, bytes(x ^ y for x, y in zip(theirs, half, strict=True)), challenge[4:] + plain[4:8])
        return sealed + mac(1, authentication, sealed), OK

    def _set_pace(self, data: bytes) -> tuple[bytes, int]:
        chosen = split(data)
        if self.data.pace is None or chosen.get(0x80, b"")[:-1] != BSI + bytes([2, 2, 4, self.data.mapping]):
            return b"", NOT_FOUND
        zone = hashlib.sha1(self.data.information.encode(), usedforsecurity=False).digest()
        password = {b"\x01": zone, b"\x02": self.data.card_number.encode()}.get(chosen.get(0x83, b""))
        if password is None:
            return b"", NOT_FOUND
        chip_key = self.data.chip_key if self.data.card_security else None
        self._pace = CardPace(*self.data.pace, password=password, chip_key=chip_key or 0)
        return b"", OK

    def _general_authenticate(self, data: bytes) -> tuple[bytes, int]:
        inner = split(split(data).get(0x7C, b""))
        if self._chip_chosen:
            return self._chip_authenticate(inner.get(0x80, b""), kind=self.data.chip_kind)
        if self._pace is None:
            return b"", _CONDITIONS
        try:
            said = self._pace.step(inner)
        except Wrong:
            self._pace = None
            return b"", _DENIED
        if self._pace.secret:
            self._begin(self._pace.kind, self._pace.secret)
            self._pace = None
        return tlv("7C", said), OK

    def _chip_authenticate(self, public: bytes, *, kind: int) -> tuple[bytes, int]:
        self._chip_chosen = False
        if self.data.chip_key is None:
            return b"", _CONDITIONS
        try:
            shared = P256.times(self.data.chip_key, P256.taken(public))
        except ValueError:
            return b"", _DENIED
        self._next = (kind, (shared or (0, 0))[0].to_bytes(32, "big"))
        return (b"" if kind == 1 else tlv("7C", b"")), OK

    def _internal_authenticate(self, challenge: bytes, wanted: int) -> tuple[bytes, int]:
        key = self.data.active_key
        if key is None or len(challenge) != 8 or not self._session:
            return b"", _CONDITIONS
        signature = signed(key, challenge)
        return (signature, OK) if len(signature) <= wanted else (b"", WRONG_LENGTH)

    def _chip_oid(self) -> bytes:
        return BSI + bytes([2, 2, 3, 2, self.data.chip_kind])

    def _begin(self, kind: int, secret: bytes, counter: bytes = b"") -> None:
        self._session = CardSession(
            kind=kind,
            encryption=derived(kind, secret, 1),
            authentication=derived(kind, secret, 2),
            counter=int.from_bytes(counter, "big"),
            skip_at=self._skip,
        )
