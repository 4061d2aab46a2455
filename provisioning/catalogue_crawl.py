"""A catalogue from a crawl of the National Public Service Portal: a JSON object a line, its fields named in Vietnamese.

Whose work such a crawl is, and whether a release may use it, is for who builds with it to know: the project ships none.
"""

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from contract import catalogue as catalogues
from contract.catalogue import Catalogue, CatalogueWrong, Category, Procedure

LONGEST_NAME: Final = 200
LONGEST_LINE: Final = 600
_TABLE_HEAD: Final = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
_COUNT: Final = re.compile(r"(?:\d+ bản (?:chính|sao),?)+")
_WAY: Final = re.compile(
    r"(Trực tiếp|Trực tuyến|Dịch vụ bưu chính)(\d+ ?(?:Ngày làm việc|Ngày|Giờ)?|Không có thông tin)"
    r"(Miễn phí|[\d,.]+ (?:Việt Nam Đồng|VNĐ|USD))?"
)
_LAW: Final = re.compile(r"(?<!\d)\d{1,3}/20\d\d/(?:NĐ-CP|NQ-CP|QH\d\d|TT-(?:BCA|BGDĐT|BNG|BNV|BTC|BTP|BXD|BYT|VPCP))")


def read(path: Path, *, version: int, on: date, own_words: bool) -> Catalogue:
    """Return the catalogue of a crawl; raise CatalogueWrong.

    With `own_words` a procedure that the program describes itself keeps that description.
    """
    own = catalogues.own()
    described = {each.code: each for each in own.procedure} if own_words else {}
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        found = {row["ma_thu_tuc"]: described.get(row["ma_thu_tuc"]) or _procedure(row) for row in rows}
        return msgspec.convert(
            {
                "version": version,
                "made_on": on,
                "source": f"Thủ tục hành chính công bố trên dichvucong.gov.vn, từ tệp {path.name}",
                "category": tuple(_categories(own, found)),
                "same": own.same,
                "elsewhere": own.elsewhere,
                "procedure": tuple(found.values()),
            },
            Catalogue,
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise CatalogueWrong(f"{path} is not such a crawl: {fault!r}.") from fault


def _procedure(row: Mapping[str, str]) -> Procedure:
    name = _line(row["ten_thu_tuc"])
    plain = re.sub(r"^Thủ tục ", "", name)
    ways = _WAY.findall(row["cach_thuc_thuc_hien"])
    agency = _line(row["co_quan_co_tham_quyen"]) or _line(row["co_quan_thuc_hien"]) or "Xem công bố"
    return msgspec.convert(
        {
            "code": row["ma_thu_tuc"],
            "name": name,
            "short": _short(plain[:1].upper() + plain[1:]),
            "category": _short(row["linh_vuc"]),
            "bring": tuple(_papers(row["thanh_phan_ho_so"])) or ("Xem công bố chính thức",),
            "fee": _each_way(ways, 2),
            "time": _each_way(ways, 1),
            "place": _short(agency),
            "decided_by": _short(agency),
            "basis": tuple(dict.fromkeys(_LAW.findall(row["can_cu_phap_ly"])))[:8],
            "decision": _short(row["so_quyet_dinh"]),
        },
        Procedure,
    )


def _papers(text: str) -> Iterator[str]:
    for part in _COUNT.split(text.replace(_TABLE_HEAD, " ")):
        if line := _line(part).strip(" -+*;."):
            yield textwrap.shorten(line, LONGEST_LINE, placeholder=" …")


def _each_way(ways: list[tuple[str, ...]], at: int) -> str:
    said = dict.fromkeys(f"{way[0]}: {way[at]}" for way in ways if way[at] and way[at] != "Không có thông tin")
    return "; ".join(said) or "Xem công bố chính thức"


def _categories(own: Catalogue, found: Mapping[str, Procedure]) -> Iterator[Category]:
    wanted = dict.fromkeys(each.category for each in found.values())
    known = {each.id: each for each in own.category}
    for name in wanted:
        yield known.get(name) or Category(id=name, vi=name, en=name)


def _line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str) -> str:
    return textwrap.shorten(text, LONGEST_NAME, placeholder=" …")
