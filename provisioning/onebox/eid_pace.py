"""The card's side of PACE with generic or chip authentication mapping over a curve (ICAO Doc 9303-11, 4.4)."""

import secrets
from dataclasses import dataclass, field

from provisioning.onebox.eid_curve import Curve
from provisioning.onebox.eid_session import crypt, derived, mac, pad, tlv


class Wrong(Exception):
    """A step is out of order, or the other side does not know the password."""


@dataclass(slots=True)
class CardPace:
    """One run; `secret` is what both sides share once the other's token was right. Keys may be given (examples)."""

    curve: Curve
    kind: int
    password: bytes = field(repr=False)
    nonce: bytes = field(default_factory=lambda: secrets.token_bytes(16), repr=False)
    map_key: int = field(default=0, repr=False)
    key: int = field(default=0, repr=False)
    chip_key: int = field(default=0, repr=False)
    """The chip's own key: the mapping proves it (chip authentication mapping); 0: generic mapping alone."""

    secret: bytes = field(default=b"", repr=False)
    _base: tuple[int, int] | None = field(default=None, repr=False)
    _shared: bytes = field(default=b"", repr=False)
    _keys: tuple[bytes, bytes] = (b"", b"")

    def step(self, said: dict[int, bytes]) -> bytes:
        """Return the object that answers the reader's; raise Wrong."""
        try:
            if not said:
                return tlv("80", crypt(self.kind, derived(self.kind, self.password, 3), self.nonce))
            if 0x81 in said:
                return self._map(said[0x81])
            if 0x83 in said and self._base:
                return self._agree(said[0x83])
            if 0x85 in said and self._shared:
                return self._prove(said[0x85])
        except ValueError:
            pass
        raise Wrong

    def _map(self, public: bytes) -> bytes:
        curve = self.curve
        self.map_key = self.map_key or curve.secret()
        shared = curve.times(self.map_key, curve.taken(public))
        self._base = curve.add(curve.times(int.from_bytes(self.nonce, "big"), curve.base), shared)
        return tlv("82", curve.written(curve.times(self.map_key, curve.base)))

    def _agree(self, public: bytes) -> bytes:
        curve = self.curve
        self.key = self.key or curve.secret()
        ours = curve.written(curve.times(self.key, self._base))
        self._shared = curve.written(curve.times(self.key, curve.taken(public)))[1 : 1 + curve.octets]
        self._keys = (ours, public)
        return tlv("84", ours)

    def _prove(self, token: bytes) -> bytes:
        ours, theirs = self._keys
        if token != self._token(ours):
            raise Wrong
        self.secret = self._shared
        return tlv("86", self._token(theirs)) + (tlv("8A", self._chip_data()) if self.chip_key else b"")

    def _chip_data(self) -> bytes:
        """Return the factor between the mapping key and the chip's own, encrypted."""
        factor = self.map_key * pow(self.chip_key, -1, self.curve.n) % self.curve.n
        key = derived(self.kind, self._shared, 1)
        plain = pad(factor.to_bytes(self.curve.octets, "big"), 16)
        return crypt(self.kind, key, plain, iv=crypt(self.kind, key, b"\xff" * 16))

    def _token(self, public: bytes) -> bytes:
        oid = bytes.fromhex("04007f0007020204") + bytes([6 if self.chip_key else 2, self.kind])
        covered = tlv("7F49", tlv("06", oid) + tlv("86", public))
        return mac(self.kind, derived(self.kind, self._shared, 2), covered)
