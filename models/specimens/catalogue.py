"""All kinds, and how an order becomes a specimen: draw, then add the flaws in the order in which life adds them."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from . import photocopy, stamps, wear
from .altered import Tampering, alter
from .dice import Dice
from .kinds import (
    bang_diem,
    bang_tot_nghiep,
    bhxh,
    bhyt,
    can_cuoc_2024,
    cccd_barcode,
    cccd_chip,
    chung_chi,
    cmnd,
    cong_van,
    dang_ky_xe,
    foreign_paper,
    gcn_qsdd,
    giay_uy_quyen,
    gp_kinh_doanh,
    gplx,
    ho_chieu,
    hoc_ba,
    hop_dong,
    ket_hon,
    khai_sinh,
    khai_tu,
    quyet_dinh,
    so_yeu_ly_lich,
    xac_nhan_hon_nhan,
)
from .order import Draft, Kind, Order
from .sheet import Sheet
from .values import Flaw, FlawNotApplicableError, Mark, Specimen, UnknownKindError

_KINDS: dict[str, Kind] = {
    module.KIND.code: module.KIND
    for module in (
        quyet_dinh,
        cong_van,
        khai_sinh,
        bang_tot_nghiep,
        cccd_chip,
        can_cuoc_2024,
        gplx,
        ket_hon,
        xac_nhan_hon_nhan,
        giay_uy_quyen,
        so_yeu_ly_lich,
        gp_kinh_doanh,
        gcn_qsdd,
        hoc_ba,
        ho_chieu,
        dang_ky_xe,
        bhyt,
        khai_tu,
        bang_diem,
        chung_chi,
        bhxh,
        hop_dong,
        cmnd,
        cccd_barcode,
    )
}
KINDS: tuple[str, ...] = tuple(_KINDS)
"""The codes of the document types that can be made."""


def make(
    kind: str, seed: int, *, flaws: frozenset[Flaw] = frozenset(), tampering: Sequence[Tampering] = ()
) -> Specimen:
    """Return a specimen; the same kind, seed and flaws give the same pixels and truth.

    A flaw leaves the data as they are without it; `tampering` says how an altered paper was altered, one digit each.
    Raises UnknownKindError and FlawNotApplicableError.
    """
    if kind not in _KINDS:
        raise UnknownKindError(f"There is no generator for {kind!r}; there are: {', '.join(KINDS)}.")
    wrong = sorted(flaws & _KINDS[kind].impossible)
    if wrong:
        raise FlawNotApplicableError(f"{kind} cannot have the flaw {', '.join(wrong)}; leave it out.")
    order = Order(kind=kind, seed=seed, flaws=flaws)
    draft = foreign_paper.draw(order) if Flaw.FOREIGN in flaws else _KINDS[kind].draw(order)
    if Flaw.ALTERED in flaws:
        alter(draft, order.dice(Flaw.ALTERED), tampering)
    for flaw, spoil in _SPOILERS:
        if flaw in flaws:
            spoil(draft, order.dice(flaw))
    return _finished(order, draft)


def possible_flaws(kind: str) -> frozenset[Flaw]:
    """Return the flaws that a kind can carry."""
    return frozenset(Flaw) - _KINDS[kind].impossible


def _first(spoil: Callable[[Sheet, Dice], None]) -> Callable[[Draft, Dice], None]:
    return lambda draft, stream: spoil(draft.sheets[0], stream)


def _last(spoil: Callable[[Sheet, Dice], None]) -> Callable[[Draft, Dice], None]:
    return lambda draft, stream: spoil(draft.sheets[-1], stream)


def _every(spoil: Callable[[Sheet, Dice], None]) -> Callable[[Draft, Dice], None]:
    def spoil_all(draft: Draft, stream: Dice) -> None:
        for sheet in draft.sheets:
            spoil(sheet, stream)

    return spoil_all


def _attested_before(draft: Draft, stream: Dice) -> None:
    """Make the paper a certified copy: photocopied, then stamped on its last page."""
    _every(photocopy.photocopy)(draft, stream)
    _last(stamps.earlier_attestation)(draft, stream)


def _lose_page(draft: Draft, stream: Dice) -> None:
    del draft.sheets[stream.randrange(1, len(draft.sheets))]


_SPOILERS: tuple[tuple[Flaw, Callable[[Draft, Dice], None]], ...] = (
    (Flaw.GREY_SEAL, _every(photocopy.grey_seal)),
    (Flaw.COLOUR_COPY, _every(photocopy.colour_copy)),
    (Flaw.EARLIER_ATTESTATION, _attested_before),
    (Flaw.BAN_SAO, _first(stamps.copy_mark)),
    (Flaw.SECRET, _first(stamps.secrecy)),
    (Flaw.NO_COPYING, _first(stamps.no_copying)),
    (Flaw.DAMAGED, _first(wear.damage)),
    (Flaw.MISSING_PAGE, _lose_page),
    (Flaw.CUT_EDGE, _first(wear.cut_edge)),
    (Flaw.BLURRED, _first(wear.blur)),
)


def _finished(order: Order, draft: Draft) -> Specimen:
    marks: list[Mark] = []
    for number, sheet in enumerate(draft.sheets):
        marks += [replace(mark, page=number) for mark in sheet.marks]
    return Specimen(
        kind=order.kind,
        pages=tuple(sheet.image for sheet in draft.sheets),
        fields=draft.fields,
        lines=tuple(tuple(sheet.lines) for sheet in draft.sheets),
        marks=tuple(marks),
        flaws=order.flaws,
    )
