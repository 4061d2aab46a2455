"""The guidance's metadata from what was read: nothing is invented, no person is named in a type or a file's name."""

from datetime import date

from agent.journeys.indexing import metadata
from agent.reading.values import Understanding
from contract.digital import Condition, DocCode, Metadata, file_name
from contract.messages import ReadFact


def fact(name: str, value: str, confidence: float = 0.99) -> ReadFact:
    box = (0.0, 0.0, 1.0, 1.0)
    return ReadFact(name=name, label=name, value=value, confidence=confidence, sure=True, page=1, box=box)


def of(kind: str, *facts: ReadFact, counted: int = 2) -> Metadata:
    read = Understanding(kind=kind, title=f"{kind} – NGUYỄN VĂN MẪU", facts=facts, findings=())
    return metadata(read, pages=2, counted=counted, condition=Condition.B, component="Giấy tờ khác")


def test_a_decision_fills_every_mandatory_field() -> None:
    filled = of(
        "QUYET_DINH",
        fact("number", "45/QĐ-UBND"),
        fact("issued_on", "04/03/2026", 0.871),
        fact("agency", "UBND phường"),
        fact("subject", "Về việc nghỉ hưu"),
    )
    assert (filled.code_number, filled.code_notation, filled.issued_date) == ("45", "QĐ-UBND", date(2026, 3, 4))
    assert filled.lacking == () and filled.confidence_level == "Số hóa; máy đọc 87%"
    assert filled.format == "B - nguy cơ trung bình, có giám sát" and filled.page_amount == 2


def test_what_was_not_read_stays_blank_for_the_officer() -> None:
    blank = of("UNKNOWN", fact("issued_on", "ngày mồng hai"))
    assert blank.lacking == ("CodeNumber", "CodeNotation", "IssuedDate", "OrganName", "Subject")
    assert blank.type_name == "Giấy tờ khác"
    assert of("UNKNOWN").confidence_level == "Số hóa; chưa đọc được"


def test_type_and_file_name_no_person() -> None:
    filled = of("KHAI_SINH")
    assert filled.type_name == "Giấy khai sinh"
    name = file_name(DocCode.parse("H26.1.23_GTK_000001_V1"), date(2026, 11, 28), filled.type_name)
    assert name == "H26.1.23_GTK_000001_V1_20261128_GiayKhaiSinh.pdf"


def test_long_fields_are_cut_to_the_guidances_lengths() -> None:
    cut = of(
        "QUYET_DINH",
        fact("number", "123456789012345/" + "K" * 50),
        fact("agency", "Ơ" * 300),
        fact("subject", "x" * 900),
    )
    assert tuple(map(len, (cut.code_number, cut.code_notation, cut.organ_name, cut.subject))) == (11, 30, 200, 500)
