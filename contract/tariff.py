"""The fee of certified copies: the State's tariff, dated exemptions, and the cost of printing kept apart (R9).

The fee counts pages of the ORIGINAL, per copy (TT 226/2016/TT-BTC Art. 4); printing is a service of its own, whose
ceiling the province sets (NĐ 23/2015/NĐ-CP Art. 15(3)). A new tariff or exemption is a new row with its legal basis
and its days.
"""

import unicodedata
from dataclasses import dataclass
from datetime import date


class TariffError(ValueError):
    """No fee can be said; the text names what is wrong with the order."""


class NothingToCopy(TariffError):
    """Pages and copies count from one and money from zero; ask the citizen again."""


class NoTariffInForce(TariffError):
    """No tariff covers this day; check the clock, else add the tariff in force to contract/tariff.py."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """A base tariff: some pages at the full price, further ones cheaper, a ceiling per copy; both days inclusive."""

    basis: str
    first_day: date
    last_day: date
    full_pages: int
    full_page_vnd: int
    further_page_vnd: int
    copy_ceiling_vnd: int

    def per_copy_vnd(self, pages_of_original: int) -> int:
        """Return the fee of one copy of an original of so many pages."""
        full = min(pages_of_original, self.full_pages)
        further = pages_of_original - full
        return min(self.copy_ceiling_vnd, full * self.full_page_vnd + further * self.further_page_vnd)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """A share of the State's fee that a province takes over; days inclusive."""

    basis: str
    province: str
    electronic_only: bool
    percent: int
    first_day: date
    last_day: date

    def covers(self, *, province: str, electronic: bool, on: date) -> bool:
        """Return whether an order of that day and place profits."""
        return is_same_province(self.province, province) and (
            (electronic or not self.electronic_only) and self.first_day <= on <= self.last_day
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What one order costs, in dong; `exemption_basis` is empty where nothing is exempted."""

    state_fee_vnd: int
    state_fee_basis: str
    exemption_vnd: int
    exemption_basis: str
    print_cost_vnd: int

    @property
    def total_vnd(self) -> int:
        """What the citizen pays."""
        return self.state_fee_vnd - self.exemption_vnd + self.print_cost_vnd


TARIFFS = (
    Tariff(
        basis="Thông tư 226/2016/TT-BTC, Điều 4",
        first_day=date(2017, 1, 1),
        last_day=date.max,
        full_pages=2,
        full_page_vnd=2_000,
        further_page_vnd=1_000,
        copy_ceiling_vnd=200_000,
    ),
)

EXEMPTIONS = (
    Exemption(
        basis="Nghị quyết 43/2025/NQ-HĐND thành phố Hải Phòng",
        province="Hải Phòng",
        electronic_only=True,
        percent=100,
        first_day=date(2026, 1, 1),
        last_day=date(2030, 12, 31),
    ),
)


def quote(
    *, pages_of_original: int, copies: int, electronic: bool, on: date, province: str, print_cost_per_page_vnd: int
) -> Quote:
    """Return the cost of `copies` copies ordered on the Vietnamese day `on`; raise TariffError.

    `province` is where the certifier sits, with or without accents and "thành phố" or "tỉnh". Nothing is printed for an
    electronic copy. Of several exemptions the largest holds.
    """
    if pages_of_original < 1 or copies < 1 or print_cost_per_page_vnd < 0:
        raise NothingToCopy(
            f"{copies} copies of {pages_of_original} pages at {print_cost_per_page_vnd} đ can't be ordered"
        )
    tariff = _in_force(on)
    fee_vnd = tariff.per_copy_vnd(pages_of_original) * copies
    exemption = _exemption(province=province, electronic=electronic, on=on)
    return Quote(
        state_fee_vnd=fee_vnd,
        state_fee_basis=tariff.basis,
        exemption_vnd=fee_vnd * exemption.percent // 100 if exemption else 0,
        exemption_basis=exemption.basis if exemption else "",
        print_cost_vnd=0 if electronic else print_cost_per_page_vnd * pages_of_original * copies,
    )


def is_same_province(one: str, other: str) -> bool:
    """Return whether two names, with or without accents and "thành phố" or "tỉnh", are one province's."""
    return _folded(one) == _folded(other)


def _in_force(on: date) -> Tariff:
    for tariff in TARIFFS:
        if tariff.first_day <= on <= tariff.last_day:
            return tariff
    raise NoTariffInForce(f"no tariff for certified copies is known for {on:%d/%m/%Y}; check the kiosk's clock")


def _exemption(*, province: str, electronic: bool, on: date) -> Exemption | None:
    covering = (each for each in EXEMPTIONS if each.covers(province=province, electronic=electronic, on=on))
    return max(covering, key=lambda each: each.percent, default=None)


def _folded(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    bare = " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
    return bare.removeprefix("thanh pho ").removeprefix("tp. ").removeprefix("tinh ")
