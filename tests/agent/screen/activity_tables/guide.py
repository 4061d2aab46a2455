"""Asking about procedures."""

from dataclasses import replace

from agent.screen.page.activities.guide import Asking, common
from contract.catalogue import own

CATALOGUE = own()
COPY, BIRTH = (CATALOGUE.find(code) for code in ("2.000815", "1.001193"))
START = Asking(
    scene="start",
    common=common(CATALOGUE),
    categories=CATALOGUE.category,
    source=f"{CATALOGUE.source} (bản số 1, 28/11/2026)",
    prints=True,
)
FOUND = replace(START, scene="list", question="khai sinh cho con", found=CATALOGUE.procedure[12:17])
SHOWN = replace(START, scene="procedure", procedure=COPY, url="https://tram.example.vn/tthc/2.000815")

TABLE = {
    "start": START,
    "type-empty": replace(START, scene="type"),
    "type": replace(START, scene="type", question="giấy xác nhận độc"),
    "list": FOUND,
    "list-unsure": replace(FOUND, is_sure=False),
    "list-category": replace(
        FOUND, question="", category=CATALOGUE.category[1], found=CATALOGUE.procedure[12:53], page=2
    ),
    "unknown": replace(START, scene="unknown", question="giá vàng hôm nay"),
    "unknown-elsewhere": replace(FOUND, scene="unknown", question="làm hộ chiếu", elsewhere=CATALOGUE.elsewhere[1]),
    "procedure": SHOWN,
    "procedure-more": replace(SHOWN, more=True),
    "procedure-birth": replace(SHOWN, procedure=BIRTH, slip="coming"),
    "procedure-not-printed": replace(SHOWN, procedure=BIRTH, slip="failed"),
}
BUILT_KEYS = (
    *(f"guide.{each}" for each in ("fee", "time", "place", "who", "note", "official", "code", "basis", "source")),
    *(f"guide.slip_{each}" for each in ("coming", "out", "unknown", "failed")),
)
