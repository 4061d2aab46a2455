"""GCN_QSDD: a land-use certificate, "sổ đỏ" or "sổ hồng": owner, plot, plan and changes on two or four pages."""

import re
from collections import Counter
from collections.abc import Iterator

from agent.reading import cleaning, letterhead
from agent.reading.crosschecks import confirmed, doubted
from agent.reading.form import PARAGRAPH_INDENT_MM, Clean, Field, as_printed, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages

_SERIAL = re.compile(r"([A-ZĐ]{2})\s?(\d{8}|\d{6})")
"""Two letters with six digits, since the form of 2025 with eight (DOMAIN §3)."""

_OWNER = re.compile(r"^\W*(?P<title>(?:Hộ )?(?:[ÔO]ng|B[àaá]))\s?[:;,.]?\s+(?P<name>[^\W\d_]+(?: [^\W\d_]+){1,6})\W*$")
_ORIGINS = (
    "Nhà nước giao đất có thu tiền sử dụng đất",
    "Nhà nước giao đất không thu tiền sử dụng đất",
    "Công nhận quyền sử dụng đất như giao đất có thu tiền sử dụng đất",
    "Công nhận quyền sử dụng đất như giao đất không thu tiền sử dụng đất",
    "Nhà nước cho thuê đất trả tiền một lần",
    "Nhà nước cho thuê đất trả tiền hàng năm",
)
"""The words that the form prescribes (TT 23/2014/TT-BTNMT Art. 6(8))."""

_AREA = re.compile(r"(\d[\d.]*(?:,\d+)?)\s*m")


def _area(text: str) -> str:
    found = _AREA.search(text)
    return f"{found[1]} m²" if found else ""


def _count(text: str) -> str:
    found = re.match(r"\W*(\d+[a-z]?)\b", text)
    return found[1] if found else ""


def _in_paragraph(name: str, label: str, *phrases: str, clean: Clean = as_printed) -> Field:
    return Field(name=name, label=label, phrases=phrases, lines=3, clean=clean, indent_mm=PARAGRAPH_INDENT_MM)


_OWNER_FORM = (
    Field(name="owner_birth_year", label="Năm sinh", phrases=("Năm sinh", "Sinh năm"), clean=cleaning.year),
    Field(
        name="owner_personal_number",
        label="Số định danh cá nhân",
        phrases=("Số định danh cá nhân", "CCCD số", "Căn cước công dân số"),
        clean=cleaning.personal_number,
    ),
    _in_paragraph("owner_residence", "Địa chỉ thường trú", "Địa chỉ thường trú"),
)
_PLOT_FORM = (
    Field(name="plot_number", label="Thửa đất số", phrases=("Thửa đất số",), clean=_count),
    Field(name="map_sheet_number", label="Tờ bản đồ số", phrases=("Tờ bản đồ số",), clean=_count),
    _in_paragraph("plot_address", "Địa chỉ thửa đất", "Địa chỉ", "Địa chỉ thửa đất"),
    Field(name="area", label="Diện tích", phrases=("Diện tích",), clean=_area),
    _in_paragraph("land_use", "Loại đất", "Loại đất", "Mục đích sử dụng"),
    _in_paragraph("term", "Thời hạn sử dụng", "Thời hạn sử dụng", "Thời hạn sử dụng đất"),
    _in_paragraph(
        "origin",
        "Nguồn gốc sử dụng",
        "Nguồn gốc sử dụng",
        "Nguồn gốc sử dụng đất",
        clean=cleaning.among(_ORIGINS),
    ),
    Field(
        name="register_number",
        label="Số vào sổ cấp GCN",
        phrases=("Số vào sổ cấp GCN", "Số vào sổ cấp Giấy chứng nhận"),
        clean=as_printed,
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    dated = next((facts for page in pages if (facts := list(letterhead.place_and_date(page, anywhere=True)))), [])
    form = read_form(pages, (_OWNER_FORM, _PLOT_FORM))
    return [*_serial(pages), *_owner(pages), *form, *dated, *letterhead.signer(pages)]


def _serial(pages: Pages) -> Iterator[Fact]:
    """Yield the serial at a page's foot; every page repeats it: two that agree are sure, two that differ in doubt."""
    seen = [
        Fact(name="serial", label="Số phát hành", value=f"{found[1]} {found[2]}", page=page.number, lines=(at,))
        for page in pages
        for at, line in enumerate(page.lines)
        if (found := _SERIAL.fullmatch(as_printed(line.text)))
    ]
    counts = Counter(fact.value for fact in seen)
    if not seen:
        return
    value, times = counts.most_common(1)[0]
    fact = next(fact for fact in seen if fact.value == value)
    agreed = confirmed(fact) if times > 1 else fact
    yield agreed if len(counts) == 1 else doubted(fact)


def _owner(pages: Pages) -> Iterator[Fact]:
    for page in pages:
        for at, line in enumerate(page.lines):
            if found := _OWNER.match(line.text):
                lines = (at,)
                for name, label in (("title", "Danh xưng"), ("name", "Chủ sử dụng đất")):
                    yield Fact(name=f"owner_{name}", label=label, value=found[name], page=page.number, lines=lines)
                return


KIND = Kind(
    code="GCN_QSDD",
    title="Giấy chứng nhận quyền sử dụng đất",
    anchors=(
        Anchor(
            phrases=(
                "QUYỀN SỬ DỤNG ĐẤT",
                "GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT",
                "QUYỀN SỬ DỤNG ĐẤT, QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT",
            ),
            weight=0.6,
            alone=True,
        ),
        Anchor(
            phrases=(
                "QUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC GẮN LIỀN VỚI ĐẤT",
                "QUYỀN SỞ HỮU TÀI SẢN GẮN LIỀN VỚI ĐẤT",
            ),
            weight=0.6,
        ),
        Anchor(phrases=("Thửa đất số", "Tờ bản đồ số"), weight=0.4),
        Anchor(phrases=("Nguồn gốc sử dụng",), weight=0.4),
        Anchor(phrases=("Số vào sổ cấp GCN", "Số vào sổ cấp Giấy chứng nhận"), weight=0.4),
        Anchor(phrases=("Sơ đồ thửa đất, nhà ở và tài sản khác gắn liền với đất",), weight=0.5),
        Anchor(phrases=("Những thay đổi sau khi cấp Giấy chứng nhận",), weight=0.5),
    ),
    facts=_facts,
    always=("serial", "owner_name", "plot_number", "map_sheet_number", "area", "register_number"),
)
