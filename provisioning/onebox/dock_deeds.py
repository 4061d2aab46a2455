"""The dock's buttons: what each is called and which control it moves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from provisioning.onebox.controls import PAPERS, TRAY_SHEETS, Controls
from provisioning.onebox.ticket_controls import ROLL_MM, Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One button; `undoes` marks those that put things in order again."""

    vi: str
    en: str
    do: Callable[[], str | None]
    undoes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The buttons of one device."""

    vi: str
    en: str
    deeds: Mapping[str, Deed]


def _does(vi: str, en: str, do: Callable[..., str | None], *arguments: object) -> Deed:
    return Deed(vi=vi, en=en, do=partial(do, *arguments))


def _mends(vi: str, en: str, do: Callable[..., str | None], *arguments: object) -> Deed:
    return Deed(vi=vi, en=en, do=partial(do, *arguments), undoes=True)


def groups(hands: Controls) -> list[Group]:
    """Return every button, device by device."""
    rooms = (_scanner, _money, _cashless, _cash_box, _printer, _tickets, _cabinet, _power)
    return [room(hands) for room in rooms]


def _scanner(hands: Controls) -> Group:
    laid = {f"lay-{name}": _does(vi, en, hands.lay_specimen, name) for name, (vi, en, _, _) in PAPERS.items()}
    faults = {
        "scan-jam": _does("Kẹt giấy", "jam", hands.disturb_scanner, "jammed"),
        "scan-cover": _does("Mở nắp", "cover open", hands.disturb_scanner, "coveropen"),
        "take-paper": _mends("Lấy giấy ra", "take the paper out", hands.take_paper),
        "scan-well": _mends("Hết lỗi", "in order", hands.disturb_scanner, ""),
    }
    return Group(vi="Máy quét", en="Scanner", deeds=laid | faults)


def _money(hands: Controls) -> Group:
    coins = {
        f"coin-{value}": _does(f"Xu {value:,}".replace(",", "."), "coin", hands.insert_coin, value)
        for value in (500, 1_000, 2_000, 5_000)
    }
    notes = {
        f"note-{value}": _does(f"Tờ {value:,}".replace(",", "."), "note", hands.insert_note, value)
        for value in (1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000)
    }
    tray = {"take-tray": _mends("Lấy tiền ở khay", "empty the trays", hands.take_tray)}
    return Group(vi="Tiền của khách", en="The citizen's money", deeds=coins | notes | tray)


def _cashless(hands: Controls) -> Group:
    deeds = {
        "card": _does("Chạm thẻ", "hold a card out", hands.hold_card),
        "card-poor": _does("Thẻ thiếu tiền", "a card without funds", hands.hold_card, 0),
        "card-decline": _does("Ngân hàng từ chối thẻ", "bank declines next", hands.card_bank, "decline"),
        "card-silent": _does("Ngân hàng thẻ im lặng", "bank silent at next", hands.card_bank, "silent"),
        "reader-off": _does("Rút phích đầu đọc", "unplug the reader", hands.plug, "cashless", False),
        "code-pay": Deed(vi="Quét mã, chuyển khoản", en="scan the code, pay now", do=hands.pay_code),
        "code-more": Deed(vi="Chuyển thừa 5.000", en="pay 5,000 too much", do=partial(hands.pay_code, more_vnd=5_000)),
        "code-late": Deed(vi="Chuyển, báo sau", en="pay, told later", do=partial(hands.pay_code, keep_silent=True)),
        "code-lost": Deed(vi="Chuyển sai nội dung", en="wrong memo", do=partial(hands.pay_code, memo="tien photo")),
        "bank-again": Deed(vi="Ngân hàng báo lại", en="bank tells again", do=partial(hands.bank_tells, again=True)),
        "reader-on": _mends("Cắm đầu đọc", "plug the reader in", hands.plug, "cashless", True),
        "bank-tells": _mends("Ngân hàng báo", "bank tells what it kept", hands.bank_tells),
    }
    return Group(vi="Thẻ và chuyển khoản (mô phỏng)", en="Card and transfer (simulated)", deeds=deeds)


def _cash_box(hands: Controls) -> Group:
    deeds = {
        "jam-note": _does("Kẹt tờ kế tiếp", "next note jams", hands.jam_note),
        "fish": _does("Câu tiền", "pull at a taken note", hands.fish),
        "cassette-out": _does("Rút hộp tiền", "cassette out", hands.cassette, False),
        "jam-tube": _does("Kẹt ống xu", "tube jams", hands.jam_tube, True),
        "tubes-empty": _does("Hết tiền lẻ", "tubes empty", hands.tubes, False),
        "notes-off": _does("Rút phích máy tiền giấy", "unplug the validator", hands.plug, "bill_validator", False),
        "coins-off": _does("Rút phích máy xu", "unplug the changer", hands.plug, "coin_changer", False),
        "clear-note": _mends("Gỡ tờ kẹt", "clear the note", hands.clear_note),
        "cassette-in": _mends("Lắp hộp tiền", "cassette in", hands.cassette, True),
        "free-tube": _mends("Gỡ ống xu", "free the tube", hands.jam_tube, False),
        "tubes-fill": _mends("Nạp tiền lẻ", "fill the tubes", hands.tubes, True),
        "notes-on": _mends("Cắm máy tiền giấy", "plug the validator in", hands.plug, "bill_validator", True),
        "coins-on": _mends("Cắm máy xu", "plug the changer in", hands.plug, "coin_changer", True),
    }
    return Group(vi="Máy thu và trả tiền", en="Validator and changer", deeds=deeds)


def _printer(hands: Controls) -> Group:
    deeds = {
        "print-empty": _does("Hết giấy", "out of paper", hands.printer_paper, 0),
        "print-jam": _does("Kẹt giấy", "paper jam", hands.stop_printer, "media-jam"),
        "print-cover": _does("Mở nắp", "cover open", hands.stop_printer, "cover-open"),
        "print-torn": _does("Dừng sau một tờ", "breaks off after a sheet", hands.break_print, "torn"),
        "print-lost": _does("Mất trả lời", "its answer is lost", hands.break_print, "lose-answer"),
        "print-off": _does("Rút điện", "unplug", hands.cut_power, "printer"),
        "print-paper": _mends("Nạp 250 tờ", "250 sheets in", hands.printer_paper, TRAY_SHEETS),
        "print-go": _mends("Đóng nắp, gỡ kẹt", "shut and cleared", hands.stop_printer),
        "print-well": _mends("Hết lỗi", "in order", hands.break_print, ""),
        "print-on": _mends("Cắm điện", "plug in", hands.give_power, "printer"),
    }
    return Group(vi="Máy in A4", en="Page printer", deeds=deeds)


def _tickets(hands: Controls) -> Group:
    deeds = {
        "roll-end": _does("Cuộn sắp hết", "roll near its end", hands.ticket_roll, 1_000),
        "roll-out": _does("Hết cuộn", "roll empty", hands.ticket_roll, 0),
        "ticket-cover": _does("Mở nắp", "cover open", hands.ticket_faults, Fault.COVER_OPEN),
        "ticket-cutter": _does("Kẹt dao", "cutter jams", hands.ticket_faults, Fault.CUTTER_JAM),
        "ticket-cable": _does("Rút cáp", "pull the cable", hands.ticket_faults, Fault.UNPLUGGED),
        "roll-new": _mends("Cuộn mới", "new roll", hands.ticket_roll, ROLL_MM),
        "ticket-well": _mends("Hết lỗi", "in order", hands.ticket_faults),
    }
    return Group(vi="Máy in biên nhận", en="Ticket printer", deeds=deeds)


def _cabinet(hands: Controls) -> Group:
    deeds = {
        "door": _does("Mở cửa", "open the door", hands.open_door, False),
        "door-force": _does("Cạy cửa", "force the door", hands.open_door, True),
        "button": _does("Nhấn nút", "press the button", hands.press_button),
        "board-reset": _does("Đặt lại mạch", "reset the board", hands.reset_board),
        "board-off": _does("Rút cáp mạch", "unplug the board", hands.plug_board, False),
        "door-shut": _mends("Đóng cửa", "shut the door", hands.shut_door),
        "board-on": _mends("Cắm cáp mạch", "plug the board in", hands.plug_board, True),
    }
    return Group(vi="Thân máy và mạch điều khiển", en="Cabinet and control board", deeds=deeds)


def _power(hands: Controls) -> Group:
    parts = {"kiosk": ("trạm", "kiosk"), "hub": ("máy chủ", "hub"), "broker": ("mạng", "network")}
    cuts = {
        f"{part}-off": _does(f"Ngắt {vi}", f"cut the {en}", hands.cut_power, part) for part, (vi, en) in parts.items()
    }
    back = {f"{part}-on": _mends(f"Bật {vi}", f"{en} back", hands.give_power, part) for part, (vi, en) in parts.items()}
    return Group(vi="Điện và mạng", en="Power and network", deeds=cuts | back)
