"""GP_KINH_DOANH: a company's certificate of registration."""

from datetime import date

from ..dice import Dice
from ..faces import Style
from ..mrz import ascii_capitals
from ..order import Draft, Kind, Order
from ..ornament import border, guilloche
from ..persons import LATEST, any_date, any_name, any_person
from ..places import any_commune, any_province, street_address
from ..seal import SealDesign
from ..words import long_date, slashed
from .state_paper import BODY, Signer, agency_head, motto, prose, signature, state_sheet

_TRADES = ("Thương mại và Dịch vụ", "Xây dựng", "Công nghệ", "Sản xuất Bao bì", "Vận tải", "Dược phẩm")
_BRANDS = ("Hoàng Gia", "Minh Phát", "Đại Việt", "Thành Công", "An Khánh", "Phú Thịnh", "Sao Mai")
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def draw(order: Order) -> Draft:
    """Draw a one-page certificate of a one-member company."""
    stream = order.dice("data")
    province = any_province(stream)
    owner = any_person(stream, born=(1965, 1998), home=any_commune(stream, province))
    day = any_date(stream, date(2025, 7, 7), LATEST)
    name = f"CÔNG TY TNHH {stream.choice(_TRADES)} {stream.choice(_BRANDS)}".upper()
    signer = Signer(titles=("TRƯỞNG PHÒNG",), name=any_name(stream, stream.random() < 0.3))
    billions = stream.randint(1, 90)
    fields = {
        "business_number": tax_number(stream),
        "registered_on": slashed(day),
        "company_name": name,
        "company_name_foreign": ascii_capitals(name.replace("CÔNG TY TNHH", "")).strip() + " COMPANY LIMITED",
        "address": f"{street_address(stream)}, {owner.home.full}",
        "capital": f"{billions}.000.000.000 đồng",
        "representative_name": owner.name.upper(),
        "representative_date_of_birth": slashed(owner.born),
        "representative_personal_number": owner.number,
        "representative_residence": owner.address,
        "signer_name": signer.name,
    }
    sheet = state_sheet(order, note_y=282)
    guilloche(sheet, order.dice("ground"), (206, 160, 90), strength=0.14, pitch_mm=2.4)
    border(sheet, 6, (178, 60, 48), band=5)
    agency_head(sheet, ("PHÒNG ĐĂNG KÝ KINH DOANH",), 25, superior=f"SỞ TÀI CHÍNH {province.short.upper()}")
    motto(sheet, 142, 25)
    bold = Style(size_pt=15, bold=True)
    sheet.write(110, 54, "GIẤY CHỨNG NHẬN ĐĂNG KÝ DOANH NGHIỆP", bold, align="centre")
    sheet.write(110, 61, "CÔNG TY TRÁCH NHIỆM HỮU HẠN MỘT THÀNH VIÊN", Style(size_pt=13, bold=True), align="centre")
    sheet.write(110, 70, f"Mã số doanh nghiệp: **{fields['business_number']}**", BODY, align="centre")
    sheet.write(110, 77, f"Đăng ký lần đầu: {long_date(day)}", BODY.but(italic=True), align="centre")
    y = prose(sheet, 90, _texts(fields), gap=1.6)
    seal = SealDesign(upper=f"SỞ TÀI CHÍNH {province.name.upper()}", lower="", centre="PHÒNG ĐĂNG KÝ KINH DOANH")
    signature(order, sheet, y + 6, signer, seal)
    return Draft(sheets=[sheet], fields=fields)


def tax_number(stream: Dice) -> str:
    """Return a ten-digit business number whose last digit is the check digit (10 minus weighted sum modulo 11)."""
    while True:
        digits = [stream.randint(0, 9) for _ in _WEIGHTS]
        check = 10 - sum(digit * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11
        if check < 10:
            return "".join(map(str, [*digits, check]))


def _texts(fields: dict[str, str]) -> list[str]:
    return [
        "**1. Tên công ty**",
        f"Tên công ty viết bằng tiếng Việt: {fields['company_name']}",
        f"Tên công ty viết bằng tiếng nước ngoài: {fields['company_name_foreign']}",
        "**2. Địa chỉ trụ sở chính**",
        f"{fields['address']}, Việt Nam",
        f"**3. Vốn điều lệ:** {fields['capital']}",
        "**4. Người đại diện theo pháp luật của công ty**",
        f"Họ, chữ đệm và tên: {fields['representative_name']}",
        "Chức danh: Giám đốc",
        f"Sinh ngày: {fields['representative_date_of_birth']}",
        f"Số định danh cá nhân: {fields['representative_personal_number']}",
        f"Địa chỉ liên lạc: {fields['representative_residence']}, Việt Nam",
    ]


KIND = Kind(code="GP_KINH_DOANH", draw=draw)
