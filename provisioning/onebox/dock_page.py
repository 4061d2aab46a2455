"""The dock's two pages as HTML: the buttons, and inside them what the kiosk's screen and devices say now."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from provisioning.onebox.dock_deeds import Deed, Group

_STYLE = """
:root{--ink:#1d2733;--soft:#5c6b7a;--line:#d9e0e7;--ground:#f4f6f8;--card:#fff;--blue:#1f5fa8;--green:#1d7a4c;
--amber:#a86200;--red:#b3261e}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);
font:15px/1.45 "Be Vietnam Pro","Noto Sans","DejaVu Sans",sans-serif}
header{padding:14px 24px;background:var(--card);border-bottom:1px solid var(--line);display:flex;gap:16px;
align-items:baseline;flex-wrap:wrap}h1{font-size:20px;margin:0}header p{margin:0;color:var(--soft)}
main{display:grid;grid-template-columns:minmax(340px,400px) 1fr;gap:18px;padding:18px 24px}
iframe{width:100%;height:780px;border:1px solid var(--line);border-radius:8px;background:var(--card)}
.cards{columns:2 340px;column-gap:14px}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 14px;margin:0 0 14px;
break-inside:avoid}h2{font-size:15px;margin:0 0 8px}h2 small,.en{color:var(--soft);font-weight:normal;font-size:12px}
form{display:inline}.row{display:flex;flex-wrap:wrap;gap:6px;margin-bottom:6px}
button{font:inherit;padding:5px 10px;border:1px solid var(--line);border-radius:6px;background:#fff;color:var(--ink);
text-align:left;cursor:pointer;line-height:1.25}button:hover,button:focus-visible{border-color:var(--blue);
outline:2px solid #cfe0f3}button small{display:block;color:var(--soft);font-size:11.5px}
button.undo{background:#eef6f1;border-color:#c8e2d3}
.said{margin:0 0 14px;padding:8px 12px;border-left:3px solid var(--blue);background:var(--card);border-radius:4px}
.said.failed{border-color:var(--red)}input[type=file],select,input[type=number]{font:inherit;max-width:200px}
table{border-collapse:collapse;width:100%}td{padding:5px 8px 5px 0;border-top:1px solid var(--line);vertical-align:top}
.state{padding:14px 16px;background:var(--card);min-height:100vh}.big{font-size:18px;margin:0 0 2px}
.READY{color:var(--green)}.BUSY{color:var(--blue)}.ATTENTION{color:var(--amber)}.DOWN{color:var(--red)}
.money b{font-size:17px}dl{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;margin:8px 0}dt{color:var(--soft)}
dd{margin:0}
"""


_NAMES = {
    "scanner": "Máy quét", "printer": "Máy in A4", "cash": "Máy thu tiền", "ticket printer": "Máy in biên nhận",
    "payment reader": "Đầu đọc thẻ thanh toán", "cabinet": "Thân máy", "camera": "Máy ảnh",
}  # fmt: skip


def page(groups: Sequence[Group], said: str, *, failed: bool) -> str:
    """Return the page with all buttons; `said` is what became of the last one."""
    cards = "".join(_card(group) for group in groups)
    spoken = f'<p class="said{" failed" if failed else ""}" role="status">{escape(said)}</p>' if said else ""
    return _document(
        "Bến thử của Trạm · the dock",
        f"""<header><h1>Bến thử</h1><p>Điều khiển các thiết bị mô phỏng của trạm bằng tay
<span class="en">· drive the kiosk's stand-ins by hand</span></p></header>
<main><div>{_visit()}<iframe src="/state" title="Trạm đang báo gì · what the kiosk says"></iframe></div>
<div>{spoken}{_upload()}<div class="cards">{cards}</div></div></main>""",
    )


def state(screen: Mapping[str, Any] | None, status: Mapping[str, Any] | None, machines: Mapping[str, Any]) -> str:
    """Return what screen and devices say; it fetches itself anew every second."""
    if status is None:
        body = '<p class="big DOWN">Trạm không có điện.</p><p class="en">The kiosk has no power.</p>'
    else:
        body = _screen(screen) + _devices(status["devices"], online=bool(status["link"]["online"]))
    return _document("Trạm", f'<div class="state">{body}{_tray(machines)}</div>', refresh=True)


def _document(title: str, body: str, *, refresh: bool = False) -> str:
    again = '<meta http-equiv="refresh" content="1">' if refresh else ""
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8">{again}<title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body>{body}</body></html>"
    )


def _card(group: Group) -> str:
    makes = ((name, deed) for name, deed in group.deeds.items() if not deed.undoes)
    mends = ((name, deed) for name, deed in group.deeds.items() if deed.undoes)
    head = f"<h2>{escape(group.vi)} <small>{escape(group.en)}</small></h2>"
    return f"<section>{head}{_row(makes)}{_row(mends)}</section>"


def _row(deeds: Iterable[tuple[str, Deed]]) -> str:
    return f'<div class="row">{"".join(_button(name, deed) for name, deed in deeds)}</div>'


def _button(name: str, deed: Deed) -> str:
    kind = ' class="undo"' if deed.undoes else ""
    return (
        f'<form method="post" action="/do/{escape(name)}"><button{kind}>{escape(deed.vi)}'
        f"<small>{escape(deed.en)}</small></button></form>"
    )


def _upload() -> str:
    return """<section><h2>Giấy tờ của bạn <small>your own paper</small></h2>
<form method="post" action="/paper" enctype="multipart/form-data"><div class="row">
<input type="file" name="pages" multiple required accept=".png,.jpg,.jpeg,.webp,.tif,.tiff,.pdf"
 aria-label="Trang giấy · pages"><button>Đặt vào máy quét<small>put it into the scanner</small></button></div></form>
</section>"""


def _visit() -> str:
    buttons = (
        ("cancel", "Hủy", "cancel"),
        ("taken", "Đã lấy bản sao", "taken"),
        ("page-is-in", "Đã đặt trang", "page is in"),
        ("pay-cash", "Trả tiền mặt", "pay in cash"),
        ("pay-card", "Trả bằng thẻ", "pay by card"),
        ("pay-transfer", "Chuyển khoản", "pay by transfer"),
        ("all-in", "Đã đủ trang", "all in"),
        ("officer", "Công chức quyết định", "the officer decides"),
    )
    rest = "".join(
        f'<form method="post" action="/visit/{name}"><button>{vi}<small>{en}</small></button></form>'
        for name, vi, en in buttons
    )
    return f"""<section><h2>Khách và công chức <small>citizen and officer</small></h2><div class="row">
<form method="post" action="/visit/start"><div class="row"><input type="number" name="copies" value="1" min="1" max="20"
 aria-label="Số bản sao · copies"><input type="number" name="pages" placeholder="trang" min="1" max="200"
 aria-label="Số trang của bản chính · pages"><button>Yêu cầu bản sao<small>order copies</small></button></div></form>
{rest}</div></section>"""


def _screen(screen: Mapping[str, Any] | None) -> str:
    if screen is None:
        return '<p class="big">Xin mời đặt giấy tờ.</p><p class="en">Welcome. No visit is open.</p>'
    balance, quote = screen["balance"], screen["quote"]
    ending = screen["ending"] or {}
    lines = [
        (screen["vi"], screen["en"]),
        *(((ending[f"{key}_vi"]), ending[f"{key}_en"]) for key in ("paper", "money") if ending),
    ]
    pay = screen["pay"] or {}
    lines += [pay[key] for key in ("says", "notice") if pay.get(key)]
    lines += [each["out"] for each in pay.get("ways", ()) if each["out"]]
    told = "".join(f'<p class="big">{escape(vi)}</p><p class="en">{escape(en)}</p>' for vi, en in lines)
    sums = {
        "Phí · fee": quote["total_vnd"] if quote else None,
        "Đã nhận · taken": balance["received_vnd"],
        "Đã trả lại · returned": balance["returned_vnd"],
    }
    rows = "".join(f"<dt>{key}</dt><dd>{dong(value)}</dd>" for key, value in sums.items() if value is not None)
    return f'{told}<dl class="money">{rows}{_pay(pay)}</dl>'


def _pay(pay: Mapping[str, Any]) -> str:
    if not pay:
        return ""
    code = pay["code"] or {}
    chosen = [each["vi"] for each in pay["ways"] if each["is_chosen"]]
    rows = {
        "Cách trả · way": ", ".join(chosen) or "–",
        "Nhận được · let in": " · ".join(map(dong, pay["welcome_vnd"])),
        "Tiền lẻ · change": dong(pay["change_vnd"]) if pay["welcome_vnd"] else "",
        "Nội dung · reference": code.get("reference", ""),
        "Số tiền · sum": dong(code["amount_vnd"]) if code else "",
        "Tài khoản · account": f"{code['account']} {code['account_name']}" if code else "",
    }
    return "".join(f"<dt>{key}</dt><dd>{escape(value)}</dd>" for key, value in rows.items() if value)


def _devices(devices: Sequence[Mapping[str, str]], *, online: bool) -> str:
    rows = "".join(map(_device, devices))
    link = ("READY", "online") if online else ("DOWN", "offline")
    rows += f'<tr><td>Máy chủ<div class="en">hub</div></td><td class="{link[0]}">{link[1]}</td><td></td></tr>'
    return f"<h2>Thiết bị <small>devices</small></h2><table>{rows}</table>"


def _device(line: Mapping[str, str]) -> str:
    name, state, detail, remedy = (escape(line[key]) for key in ("name", "state", "detail", "remedy"))
    return (
        f'<tr><td>{_NAMES.get(name, "")}<div class="en">{name}</div></td><td class="{state}">{state}</td>'
        f'<td>{detail}<div class="en">{remedy}</div></td></tr>'
    )


def _tray(machines: Mapping[str, Any]) -> str:
    tray = " + ".join(f"{count} × {dong(int(value))}" for value, count in machines.get("tray", {}).items()) or "–"
    lamp = machines.get("lamp", (0, 0, 0))
    colour = "rgb({}, {}, {})".format(*lamp)
    lock = "mở · open" if machines.get("unlocked") else "khóa · locked"
    circle = f'<circle cx="7" cy="7" r="6.5" fill="{colour}" stroke="#999"/>'
    light = f'<svg width="14" height="14" role="img" aria-label="{colour}">{circle}</svg>'
    rows = {"Khay tiền · trays": tray, "Đèn · lamp": light, "Khóa · lock": lock}
    seen = "".join(f"<dt>{key}</dt><dd>{value}</dd>" for key, value in rows.items())
    return f"<h2>Nhìn từ ngoài <small>seen from outside</small></h2><dl>{seen}</dl>"


def dong(amount_vnd: int) -> str:
    """Return an amount as it is written in Vietnam: `20.000 đ`."""
    return f"{amount_vnd:,} đ".replace(",", ".")
