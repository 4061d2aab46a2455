"""Curves as the stand-in card counts on them: affine points and nothing else, so that no error of a library is shared.

Slow and not constant in time: for test keys alone.
"""

import secrets
from dataclasses import dataclass

Point = tuple[int, int] | None
"""None is the point at infinity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """y² = x³ + ax + b over the prime field p; `base` has the prime order n. `group_id` is ICAO 9303-11's (9.5.1)."""

    group_id: int
    p: int
    a: int
    b: int
    base: tuple[int, int]
    n: int

    @property
    def octets(self) -> int:
        """Length of a coordinate."""
        return (self.p.bit_length() + 7) // 8

    def add(self, one: Point, other: Point) -> Point:
        """Return the sum."""
        if one is None or other is None:
            return other if one is None else one
        if one[0] == other[0] and (one[1] + other[1]) % self.p == 0:
            return None
        if one == other:
            slope = (3 * one[0] * one[0] + self.a) * pow(2 * one[1], -1, self.p) % self.p
        else:
            slope = (other[1] - one[1]) * pow(other[0] - one[0], -1, self.p) % self.p
        x = (slope * slope - one[0] - other[0]) % self.p
        return x, (slope * (one[0] - x) - one[1]) % self.p

    def times(self, factor: int, point: Point) -> Point:
        """Return a multiple."""
        total: Point = None
        for bit in bin(factor)[2:]:
            total = self.add(total, total)
            total = self.add(total, point) if bit == "1" else total
        return total

    def secret(self) -> int:
        """Return a private key."""
        return secrets.randbelow(self.n - 1) + 1

    def written(self, point: Point) -> bytes:
        """Return the point uncompressed; raise ValueError at infinity."""
        if point is None:
            raise ValueError("infinity can't be written")
        return b"\x04" + point[0].to_bytes(self.octets, "big") + point[1].to_bytes(self.octets, "big")

    def taken(self, data: bytes) -> tuple[int, int]:
        """Return an uncompressed point; raise ValueError where it does not lie on the curve."""
        x, y = (int.from_bytes(data[at : at + self.octets], "big") for at in (1, 1 + self.octets))
        if len(data) != 1 + 2 * self.octets or data[0] != 4 or (y * y - x**3 - self.a * x - self.b) % self.p:
            raise ValueError("no point of the curve")
        return x, y


def _curve(group_id: int, *numbers: str) -> Curve:
    p, a, b, x, y, n = (int(number, 16) for number in numbers)
    return Curve(group_id=group_id, p=p, a=a, b=b, base=(x, y), n=n)


P256 = _curve(
    12,
    "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
    "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
    "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
)
"""NIST P-256 (FIPS 186-4, D.1.2.3)."""

BRAINPOOL256 = _curve(
    13,
    "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
    "7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
    "26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6",
    "8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262",
    "547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997",
    "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
)
"""brainpoolP256r1 (RFC 5639, 3.4; as printed in ICAO 9303-11, G.1)."""

BRAINPOOL384 = _curve(
    16,
    "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53",
    "7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826",
    "04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11",
    "1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e",
    "8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315",
    "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565",
)
"""brainpoolP384r1 (RFC 5639, 3.6)."""
