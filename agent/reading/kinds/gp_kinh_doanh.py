"""GP_KINH_DOANH: the registration certificate of an enterprise or a household business."""

import re
from collections.abc import Sequence

from agent.reading import cleaning, letterhead
from agent.reading.crosschecks import doubted, number_against_person
from agent.reading.folding import without_accents
from agent.reading.form import PARAGRAPH_INDENT_MM, Clean, Field, as_printed, read_form
from agent.reading.kind import Anchor, Fact, Kind, Pages
from agent.reading.tax_code import find_tax_code, is_tax_code

_HOME = re.compile(r"[\s,]+Việt Nam$")


def _at_home(text: str) -> str:
    return as_printed(_HOME.sub("", as_printed(text)))


def _wide(name: str, label: str, *phrases: str, clean: Clean = as_printed) -> Field:
    return Field(name=name, label=label, phrases=phrases, lines=3, clean=clean, indent_mm=PARAGRAPH_INDENT_MM)


_COMPANY = (
    Field(
        name="business_number",
        label="Mã số doanh nghiệp",
        phrases=("Mã số doanh nghiệp", "Mã số hộ kinh doanh", "Mã số đăng ký hộ kinh doanh"),
        clean=find_tax_code,
    ),
    Field(name="registered_on", label="Đăng ký lần đầu", phrases=("Đăng ký lần đầu",), clean=cleaning.day),
    Field(name="changed_on", label="Đăng ký thay đổi", phrases=("Đăng ký thay đổi lần thứ",), clean=cleaning.day),
    _wide("company_name", "Tên", "Tên công ty viết bằng tiếng Việt", "Tên hộ kinh doanh", "Tên doanh nghiệp"),
    _wide(
        "company_name_foreign",
        "Tên nước ngoài",
        "Tên công ty viết bằng tiếng nước ngoài",
        clean=lambda text: without_accents(as_printed(text)),
    ),
    _wide("address", "Trụ sở chính", "Địa chỉ trụ sở chính", "Trụ sở của hộ kinh doanh", clean=_at_home),
    Field(name="capital", label="Vốn điều lệ", phrases=("Vốn điều lệ", "Vốn kinh doanh"), clean=cleaning.amount),
)
_REPRESENTATIVE = (
    Field(
        name="representative_name",
        label="Người đại diện",
        phrases=("Họ, chữ đệm và tên", "Họ và tên"),
        clean=cleaning.person_name,
    ),
    Field(
        name="representative_date_of_birth",
        label="Ngày sinh",
        phrases=("Sinh ngày", "Ngày, tháng, năm sinh"),
        clean=cleaning.day,
    ),
    Field(
        name="representative_personal_number",
        label="Số định danh cá nhân",
        phrases=("Số định danh cá nhân", "Số giấy tờ pháp lý của cá nhân"),
        clean=cleaning.personal_number,
    ),
    _wide("representative_residence", "Địa chỉ liên lạc", "Địa chỉ liên lạc", clean=_at_home),
)


def _facts(pages: Pages) -> list[Fact]:
    facts = number_against_person(read_form(pages, (_COMPANY, _REPRESENTATIVE)), prefix="representative_")
    return [*_checked(facts), *letterhead.signer(pages)]


def _checked(facts: Sequence[Fact]) -> list[Fact]:
    """Return the facts; a business number whose check digit is wrong is in doubt."""
    wrong = [fact for fact in facts if fact.name == "business_number" and not is_tax_code(fact.value)]
    return [doubted(fact) if fact in wrong else fact for fact in facts]


KIND = Kind(
    code="GP_KINH_DOANH",
    title="Giấy chứng nhận đăng ký kinh doanh",
    anchors=(
        Anchor(
            phrases=(
                "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP",
                "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH",
                "GIẤY CHỨNG NHẬN ĐĂNG KÝ KINH DOANH",
            ),
            weight=1.0,
            alone=True,
        ),
        Anchor(phrases=("Mã số doanh nghiệp", "Mã số hộ kinh doanh"), weight=0.4),
        Anchor(phrases=("PHÒNG ĐĂNG KÝ KINH DOANH",), weight=0.3),
    ),
    facts=_facts,
    always=("business_number", "registered_on", "company_name", "address", "representative_name", "signer_name"),
)
