"""HOP_DONG: a contract between private parties."""

import re

from agent.reading import letterhead
from agent.reading.form import Field, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.printed import printed_number, printed_title, signing_day

_TITLE = re.compile(r"^hop dong\b")
_NUMBER = re.compile(r"^\W*S[ốôoóỐÔ]\s*[:.;]\s*(\d\S*)")

_FORM = (
    (
        Field(name="first_party", label="Bên A", phrases=("BÊN A",), lines=2),
        Field(name="second_party", label="Bên B", phrases=("BÊN B",), lines=2),
        Field(name="value", label="Giá trị hợp đồng", phrases=("Giá trị hợp đồng", "Giá thuê", "Giá chuyển nhượng")),
    ),
)


def _facts(pages: Pages) -> list[Fact]:
    head = [*printed_title(pages, _TITLE, label="Tên hợp đồng"), *printed_number(pages[:1], _NUMBER)]
    day = list(signing_day(pages)) or list(letterhead.place_and_date(pages[0], anywhere=True))
    return [*head, *day, *read_form(pages, _FORM)]


KIND = Kind(
    code="HOP_DONG",
    title="Hợp đồng",
    anchors=(
        Anchor(
            phrases=(
                "HỢP ĐỒNG",
                "HỢP ĐỒNG LAO ĐỘNG",
                "HỢP ĐỒNG MUA BÁN",
                "HỢP ĐỒNG KINH TẾ",
                "HỢP ĐỒNG DỊCH VỤ",
                "HỢP ĐỒNG VAY TIỀN",
                "HỢP ĐỒNG ĐẶT CỌC",
                "HỢP ĐỒNG THUÊ NHÀ",
                "HỢP ĐỒNG CHUYỂN NHƯỢNG QUYỀN SỬ DỤNG ĐẤT",
            ),
            weight=0.9,
            alone=True,
        ),
        Anchor(phrases=("BÊN A",), weight=0.2),
        Anchor(phrases=("BÊN B",), weight=0.2),
    ),
    facts=_facts,
    sealed=False,
    private=True,
)
