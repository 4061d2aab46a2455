"""XAC_NHAN_HON_NHAN: a commune's confirmation of marital status, valid for six months."""

from datetime import date

from ..faces import Style
from ..order import Draft, Kind, Order
from ..persons import LATEST, any_date, any_person
from ..places import any_commune
from ..words import slashed
from .civil_form import entry
from .state_paper import (
    agency_name,
    commune_head,
    commune_seal,
    commune_signer,
    prose,
    signature,
    state_sheet,
)

_PURPOSES = ("đăng ký kết hôn", "làm thủ tục mua bán nhà đất", "bổ sung hồ sơ vay vốn ngân hàng")


def draw(order: Order) -> Draft:
    """Draw a one-page confirmation."""
    stream = order.dice("data")
    commune, day = any_commune(stream), any_date(stream, date(2025, 7, 7), LATEST)
    person, signer = any_person(stream, born=(1975, 2004), home=commune), commune_signer(order)
    fields = {
        "number": f"{stream.randint(1, 900):02d}/UBND-XNTTHN",
        "issued_on": slashed(day),
        "agency": agency_name(commune),
        "full_name": person.name.upper(),
        "date_of_birth": slashed(person.born),
        "sex": person.sex,
        "ethnicity": person.ethnicity,
        "nationality": "Việt Nam",
        "personal_number": person.number,
        "residence": person.address,
        "status": "Chưa đăng ký kết hôn với ai",
        "purpose": stream.choice(_PURPOSES),
        "signer_title": signer.titles[-1],
        "signer_name": signer.name,
    }
    sheet = state_sheet(order)
    commune_head(order, sheet, commune, fields["number"], day)
    title = Style(size_pt=15, bold=True)
    sheet.write(110, 60, "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", title, align="centre")
    head = f"{agency_name(commune).upper()}"
    sheet.write(110, 72, head, Style(size_pt=14, bold=True), align="centre")
    asker = f"{'bà' if person.female else 'ông'} {person.name}"
    y = prose(sheet, 83, [f"Xét đề nghị của {asker} về việc cấp Giấy xác nhận tình trạng hôn nhân,"])
    sheet.write(110, y + 2, "XÁC NHẬN:", Style(size_pt=14, bold=True), align="centre")
    y = prose(sheet, y + 11, _statements(fields))
    signature(order, sheet, y + 4, signer, commune_seal(commune))
    return Draft(sheets=[sheet], fields=fields)


def _statements(fields: dict[str, str]) -> list[str]:
    keys = (
        ("Họ, chữ đệm, tên", "full_name"),
        ("Ngày, tháng, năm sinh", "date_of_birth"),
        ("Giới tính", "sex"),
        ("Dân tộc", "ethnicity"),
        ("Quốc tịch", "nationality"),
        ("Số định danh cá nhân", "personal_number"),
        ("Nơi cư trú", "residence"),
        ("Tình trạng hôn nhân", "status"),
    )
    use = f"Giấy này được sử dụng để: {fields['purpose']}."
    validity = "Giấy này có giá trị 6 tháng kể từ ngày cấp./."
    return [*(entry(label, fields[key]) for label, key in keys), use, validity]


KIND = Kind(code="XAC_NHAN_HON_NHAN", draw=draw)
