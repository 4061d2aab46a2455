"""How much the public may ask: token buckets, one for each address and one for all together, in memory only."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from fastapi import Request

from contract.clock import Clock

PAGE, FILE, TILE = 1.0, 20.0, 0.05
"""What a page, the check of a file, and a tile of the log cost."""

MOST_ADDRESSES = 20_000
_IPV6_SITE = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`burst` at once, then `per_s` in each second."""

    burst: float
    per_s: float


EACH = Allowance(burst=240, per_s=4)
"""A whole street may share one address (carrier NAT), so this is wide."""

ALL = Allowance(burst=2000, per_s=100)


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Rates:
    """What is left to whom; times are those of the clock's monotonic second."""

    def __init__(self, clock: Clock, *, each: Allowance = EACH, together: Allowance = ALL) -> None:
        self._clock, self._each, self._all = clock, each, together
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._together = _Bucket(together.burst, clock.monotonic())
        self._lock = Lock()

    def wait_s(self, address: str, cost: float = PAGE) -> float:
        """Take `cost` from both allowances and return 0, or take nothing and return the seconds until it is there."""
        now = self._clock.monotonic()
        with self._lock:
            own = self._buckets.pop(address, None) or _Bucket(self._each.burst, now)
            self._buckets[address] = own
            if len(self._buckets) > MOST_ADDRESSES:
                self._buckets.popitem(last=False)
            pairs = ((own, self._each), (self._together, self._all))
            missing = max(_missing(bucket, allowance, cost, now) for bucket, allowance in pairs)
            if missing <= 0:
                for bucket, _ in pairs:
                    bucket.tokens -= cost
            return max(missing, 0.0)


def _missing(bucket: _Bucket, allowance: Allowance, cost: float, now: float) -> float:
    bucket.tokens = min(allowance.burst, bucket.tokens + (now - bucket.at) * allowance.per_s)
    bucket.at = now
    return (cost - bucket.tokens) / allowance.per_s


def address_of(request: Request, header: str) -> str:
    """Return who asks: the connection's address, or the last one in the configured proxy's header; IPv6 by its /64."""
    told = request.headers.get(header, "").rpartition(",")[2].strip() if header else ""
    address = told or (request.client.host if request.client else "")
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 6:
        return str(ipaddress.ip_network((parsed, _IPV6_SITE), strict=False))
    return str(parsed)
