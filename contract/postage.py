"""What posting paper copies costs: the agency's dated rates, and what a province takes over of them (F27).

The rate is what the post charges the agency for one item within the province; it is the site's own contract, so that
it stands in kiosk.toml with its basis and its days. The support is law, and stands here with its source.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contract.tariff import TariffError, is_same_province


class NoPostageInForce(TariffError):
    """No postal rate covers this day; add the one in force to [[delivery.post]] of kiosk.toml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalRate:
    """What one item costs; both days inclusive."""

    basis: str
    first_day: date
    last_day: date
    item_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalSupport:
    """So much of the postage of one item a province pays at most; the last day inclusive.

    `first_day` is None where the source names none.
    """

    basis: str
    province: str
    most_vnd: int
    first_day: date | None
    last_day: date

    def covers(self, *, province: str, on: date) -> bool:
        """Return whether an item of that day and place is supported."""
        has_begun = self.first_day is None or self.first_day <= on
        return has_begun and on <= self.last_day and is_same_province(self.province, province)


@dataclass(frozen=True, slots=True, kw_only=True)
class Postage:
    """The postage of one item, in đồng; `support_basis` is empty where nobody supports it."""

    item_vnd: int
    item_basis: str
    support_vnd: int
    support_basis: str

    @property
    def due_vnd(self) -> int:
        """What the citizen pays of it."""
        return self.item_vnd - self.support_vnd


SUPPORTS = (
    PostalSupport(
        basis="Thành phố Hà Nội hỗ trợ phí bưu chính tối đa 26.000 đ/lượt đến hết 31/12/2025",
        province="Hà Nội",
        most_vnd=26_000,
        first_day=None,
        last_day=date(2025, 12, 31),
    ),
)
"""As the press reports the city's measure for online public services (DOMAIN F27); the resolution's number is not known
to us."""


def postage(rates: Sequence[PostalRate], *, on: date, province: str) -> Postage:
    """Return what one item posted on the Vietnamese day `on` costs; raise NoPostageInForce.

    Of several supports the largest holds, and none is more than the postage.
    """
    rate = next((each for each in rates if each.first_day <= on <= each.last_day), None)
    if rate is None:
        raise NoPostageInForce(f"no postal rate is known for {on:%d/%m/%Y}")
    covering = (each for each in SUPPORTS if each.covers(province=province, on=on))
    support = max(covering, key=lambda each: each.most_vnd, default=None)
    return Postage(
        item_vnd=rate.item_vnd,
        item_basis=rate.basis,
        support_vnd=min(rate.item_vnd, support.most_vnd) if support else 0,
        support_basis=support.basis if support else "",
    )
