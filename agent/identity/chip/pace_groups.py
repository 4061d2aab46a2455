"""The groups of PACE: elliptic curves and prime fields, and how a nonce becomes a generator (ICAO 9303-11, 4.4.3.3).

Points are multiplied by the `ecdsa` package, for `cryptography` adds no points and knows no generator but the standard
one. It is not constant in time; every key here is used once, for one card that lies before its holder, and a nonce is
the chip's own, so that a listener who could time it gains one talk at most.
"""

import secrets
from dataclasses import dataclass, replace
from typing import Any, Protocol

from ecdsa import curves
from ecdsa.ellipticcurve import INFINITY, PointJacobi
from ecdsa.errors import MalformedPointError

from agent.identity.errors import ChipAnswerBroken

CURVE_KEY, FIELD_KEY = 0x86, 0x84


class Group(Protocol):
    """A group with a generator; private keys are numbers, public keys bytes as they go over the line."""

    @property
    def key_tag(self) -> int:
        """Tag of a public key in an authentication token (9.4)."""

    @property
    def field_bits(self) -> int:
        """Length of the field's prime."""

    @property
    def encodes_points(self) -> bool:
        """Whether `mapped_at` works here."""

    def new_key(self) -> int:
        """Return a private key."""

    def public_key(self, private: int) -> bytes:
        """Return its public key."""

    def shared(self, private: int, public: bytes) -> bytes:
        """Return the secret that both ends come to; raise ChipAnswerBroken for a key outside the group."""

    def mapped_generically(self, nonce: bytes, private: int, public: bytes) -> "Group":
        """Return the group whose generator is nonce * G + private * public; raise ChipAnswerBroken."""

    def mapped_at(self, number: bytes) -> "Group":
        """Return the group whose generator is the integrated mapping's image of a pseudo-random number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveGroup:
    """A curve of prime order over a prime field."""

    curve: Any
    generator: PointJacobi
    key_tag: int = CURVE_KEY

    @classmethod
    def standard(cls, curve: Any) -> "CurveGroup":
        """Return a named curve of the `ecdsa` package with its own generator."""
        return cls(curve=curve, generator=curve.generator)

    @property
    def field_bits(self) -> int:
        """Length of the field's prime."""
        return int(self.curve.curve.p()).bit_length()

    @property
    def encodes_points(self) -> bool:
        """The encoding takes square roots as primes of 3 modulo 4 allow it; NIST's P-224 is none."""
        return int(self.curve.curve.p()) % 4 == 3

    def new_key(self) -> int:
        """Return a number from 1 to the order less 1."""
        return secrets.randbelow(self.curve.order - 1) + 1

    def public_key(self, private: int) -> bytes:
        """Return the point, uncompressed."""
        return bytes((self.generator * private).to_bytes("uncompressed"))

    def shared(self, private: int, public: bytes) -> bytes:
        """Return the x coordinate of the shared point."""
        return int((self.point(public) * private).x()).to_bytes(self.curve.baselen, "big")

    def is_multiple(self, public: bytes, factor: int, other: bytes) -> bool:
        """Return whether one point is so many times another; raise ChipAnswerBroken for no points of the curve."""
        return bool(self.point(other) * factor == self.point(public))

    def mapped_generically(self, nonce: bytes, private: int, public: bytes) -> "CurveGroup":
        """Return the curve with nonce * G + private * public as generator."""
        generator = self.generator * int.from_bytes(nonce, "big") + self.point(public) * private
        if generator == INFINITY:
            raise ChipAnswerBroken("the nonce maps to no generator")
        return replace(self, generator=generator)

    def mapped_at(self, number: bytes) -> "CurveGroup":
        """Return the curve with the encoded point as generator (9303-11, B.2)."""
        field = self.curve.curve
        p, a, b = int(field.p()), int(field.a()), int(field.b())
        t = int.from_bytes(number, "big") % p
        alpha = -t * t % p
        x2 = -b * pow(a, -1, p) * (1 + pow(alpha + alpha * alpha, -1, p)) % p
        x3 = alpha * x2 % p
        h2 = (pow(x2, 3, p) + a * x2 + b) % p
        root = pow(h2, p - 1 - (p + 1) // 4, p)
        x, y = (x2, root * h2) if root * root * h2 % p == 1 else (x3, root * pow(t, 3, p) * h2)
        return replace(self, generator=PointJacobi(field, x, y % p, 1, self.curve.order))

    def point(self, public: bytes) -> PointJacobi:
        """Return an uncompressed point of the curve; raise ChipAnswerBroken."""
        try:
            return PointJacobi.from_bytes(
                self.curve.curve, public, valid_encodings=("uncompressed",), order=self.curve.order
            )
        except MalformedPointError:
            raise ChipAnswerBroken("a public key is no point of the curve") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    """A subgroup of prime order `q` of the numbers modulo the prime `p`."""

    p: int
    q: int
    generator: int
    key_tag: int = FIELD_KEY
    encodes_points: bool = True

    @property
    def field_bits(self) -> int:
        """Length of the field's prime."""
        return self.p.bit_length()

    def new_key(self) -> int:
        """Return a number from 1 to the order less 1."""
        return secrets.randbelow(self.q - 1) + 1

    def public_key(self, private: int) -> bytes:
        """Return the element, as long as the prime."""
        return self._encoded(pow(self.generator, private, self.p))

    def shared(self, private: int, public: bytes) -> bytes:
        """Return the shared element, as long as the prime."""
        return self._encoded(pow(self._element(public), private, self.p))

    def mapped_generically(self, nonce: bytes, private: int, public: bytes) -> "FieldGroup":
        """Return the group with g^nonce * public^private as generator."""
        ours = pow(self.generator, int.from_bytes(nonce, "big"), self.p)
        return self._with(ours * pow(self._element(public), private, self.p) % self.p)

    def mapped_at(self, number: bytes) -> "FieldGroup":
        """Return the group with number^((p - 1) / q) as generator (4.4.3.3.2)."""
        return self._with(pow(int.from_bytes(number, "big") % self.p, (self.p - 1) // self.q, self.p))

    def _with(self, generator: int) -> "FieldGroup":
        if generator in (0, 1):
            raise ChipAnswerBroken("the nonce maps to no generator")
        return replace(self, generator=generator)

    def _element(self, public: bytes) -> int:
        value = int.from_bytes(public, "big")
        if not 1 < value < self.p - 1 or pow(value, self.q, self.p) != 1:
            raise ChipAnswerBroken("a public key is no element of the group")
        return value

    def _encoded(self, value: int) -> bytes:
        return value.to_bytes((self.field_bits + 7) // 8, "big")


_MODP_1024_160 = FieldGroup(
    p=int(
        "B10B8F96A080E01DDE92DE5EAE5D54EC52C99FBCFB06A3C69A6A9DCA52D23B616073E28675A23D189838EF1E2EE652C0"
        "13ECB4AEA906112324975C3CD49B83BFACCBDD7D90C4BD7098488E9C219A73724EFFD6FAE5644738FAA31A4FF55BCCC0"
        "A151AF5F0DC8B4BD45BF37DF365C1A65E68CFDA76D4DA708DF1FB2BC2E4A4371",
        16,
    ),
    q=int("F518AA8781A8DF278ABA4E7D64B7CB9D49462353", 16),
    generator=int(
        "A4D1CBD5C3FD34126765A442EFB99905F8104DD258AC507FD6406CFF14266D31266FEA1E5C41564B777E690F5504F213"
        "160217B4B01B886A5E91547F9E2749F4D7FBD7D3B9A92EE1909D0D2263F80A76A6A24C087A091F531DBF0A0169B6A28A"
        "D662A4D18E73AFA32D779D5918D08BC8858F4DCEF97C2A24855E6EEB22B3B2E5",
        16,
    ),
)
"""RFC 5114, 2.1."""

GROUPS: dict[int, Group] = {
    0: _MODP_1024_160,
    10: CurveGroup.standard(curves.NIST224p),
    11: CurveGroup.standard(curves.BRAINPOOLP224r1),
    12: CurveGroup.standard(curves.NIST256p),
    13: CurveGroup.standard(curves.BRAINPOOLP256r1),
    14: CurveGroup.standard(curves.BRAINPOOLP320r1),
    15: CurveGroup.standard(curves.NIST384p),
    16: CurveGroup.standard(curves.BRAINPOOLP384r1),
    17: CurveGroup.standard(curves.BRAINPOOLP512r1),
    18: CurveGroup.standard(curves.NIST521p),
}
"""Standardised domain parameters (ICAO 9303-11, 9.5.1); the 2048-bit groups (1, 2) are not here."""
