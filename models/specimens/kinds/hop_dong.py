"""HOP_DONG: a contract of two pages: for work (BLLĐ 2019 Art. 21), or for rent between two citizens."""

from datetime import date
from functools import partial

from ..dice import Dice
from ..faces import Style
from ..order import Draft, Kind, Order
from ..pen import sign
from ..persons import LATEST, Person, any_date, any_person
from ..places import Commune, any_commune, capitalised, street_address
from ..seal import SealDesign
from ..sheet import Sheet
from ..values import Flaw
from ..words import long_date, slashed
from .self_made import confirmation
from .state_paper import BODY, motto, prose, state_sheet

_COMPANIES = ("Thương mại và Dịch vụ", "Xây dựng", "Công nghệ", "Vận tải", "Dược phẩm")
_BRANDS = ("Hoàng Gia", "Minh Phát", "Đại Việt", "Thành Công", "An Khánh", "Phú Thịnh", "Sao Mai")
_JOBS = ("Nhân viên kế toán", "Kỹ sư xây dựng", "Lập trình viên", "Nhân viên kinh doanh", "Lái xe")
_LABOUR = (
    "Hai bên thỏa thuận ký kết hợp đồng lao động và cam kết thực hiện đúng những điều khoản sau đây:",
    "**Điều 1. Thời hạn và công việc**",
    "Thời hạn hợp đồng: {term}",
    "Chức danh chuyên môn: {job}",
    "Địa điểm làm việc: trụ sở của Bên A và các địa điểm khác theo phân công.",
    "**Điều 2. Chế độ làm việc**",
    "Thời giờ làm việc: 08 giờ một ngày, 48 giờ một tuần; nghỉ hằng tuần vào ngày chủ nhật.",
    "Bên B được cấp phát dụng cụ làm việc và bảo hộ lao động theo yêu cầu của công việc.",
)
_LABOUR_REST = (
    "**Điều 3. Quyền lợi của Bên B**",
    "Mức lương: {value}",
    "Hình thức trả lương: chuyển khoản, mỗi tháng một lần vào ngày 05 của tháng sau.",
    "Bên B được tham gia bảo hiểm xã hội, bảo hiểm y tế, bảo hiểm thất nghiệp theo quy định của pháp luật.",
    "**Điều 4. Nghĩa vụ của Bên B**",
    "Hoàn thành công việc đã cam kết; chấp hành nội quy lao động, an toàn, vệ sinh lao động.",
    "**Điều 5. Điều khoản thi hành**",
    "Hợp đồng được lập thành 02 bản có giá trị như nhau, mỗi bên giữ một bản và có hiệu lực kể từ ngày ký.",
)
_RENT = (
    "Hai bên cùng thỏa thuận ký kết hợp đồng thuê nhà với các điều khoản sau:",
    "**Điều 1. Đối tượng của hợp đồng**",
    "Bên A đồng ý cho Bên B thuê căn nhà tại {house} để ở. Căn nhà thuộc quyền sở hữu hợp pháp của Bên A.",
    "**Điều 2. Thời hạn và giá thuê**",
    "Thời hạn thuê: {term}",
    "Giá thuê: {value}",
)
_RENT_REST = (
    "**Điều 3. Phương thức thanh toán**",
    "Tiền thuê được trả bằng tiền mặt hoặc chuyển khoản, vào ngày 05 của mỗi tháng.",
    "**Điều 4. Trách nhiệm của các bên**",
    "Bên A giao nhà đúng thời hạn, bảo đảm quyền sử dụng trọn vẹn của Bên B trong thời gian thuê.",
    "Bên B sử dụng nhà đúng mục đích, giữ gìn tài sản, không cho thuê lại khi chưa được Bên A đồng ý.",
    "**Điều 5. Cam kết chung**",
    "Hợp đồng được lập thành 02 bản có giá trị pháp lý như nhau, mỗi bên giữ một bản.",
)


def draw(order: Order) -> Draft:
    """Draw a contract: six in ten are for work."""
    stream = order.dice("data")
    commune, day = any_commune(stream), any_date(stream, date(2025, 7, 7), LATEST)
    fields = {"number": f"{stream.randint(1, 240):02d}/{day.year}/HĐ", "issued_on": slashed(day)}
    way = partial(_labour if stream.random() < 0.6 else _rent, order, stream, commune, day)
    return Draft(sheets=way(fields), fields=fields)


def _labour(order: Order, stream: Dice, commune: Commune, day: date, fields: dict[str, str]) -> list[Sheet]:
    head, worker = any_person(stream, born=(1965, 1992)), any_person(stream, born=(1980, 2005), home=commune)
    company = f"CÔNG TY TNHH {stream.choice(_COMPANIES)} {stream.choice(_BRANDS)}".upper()
    fields |= {"title": "HỢP ĐỒNG LAO ĐỘNG", "first_party": company, "first_party_address": _seat(stream, commune)}
    fields |= {"first_party_representative": head.name, **_citizen("second_party", worker)}
    fields |= {"term": f"{stream.choice((12, 24, 36))} tháng kể từ ngày {slashed(day)}"}
    fields |= {"value": f"{stream.randint(6, 38)}.{stream.choice(('000', '500'))}.000 đồng/tháng"}
    parties = [
        f"**BÊN A (NGƯỜI SỬ DỤNG LAO ĐỘNG): {company}**",
        f"Đại diện: {'Bà' if head.female else 'Ông'} **{head.name}**",
        "Chức vụ: Giám đốc",
        f"Địa chỉ: {fields['first_party_address']}",
        f"**BÊN B (NGƯỜI LAO ĐỘNG): {'Bà' if worker.female else 'Ông'} {worker.name.upper()}**",
        *_described(fields, "second_party"),
    ]
    first = _first_page(order, fields, _opening(day, commune, "tại trụ sở công ty"), [*parties])
    job = order.dice("job").choice(_JOBS)
    texts = [text.format(job=job, **fields) for text in _LABOUR]
    last = _pages(order, first, texts, [text.format(**fields) for text in _LABOUR_REST])
    y = last.y + 6
    _sign(order, last.sheet, y, ("BÊN B", worker.name), ("BÊN A", head.name))
    order.seal(last.sheet, SealDesign(upper=f"MẪU - {company}", lower="", centre="GIÁM ĐỐC"), 143, y + 15)
    return [first.sheet, last.sheet]


def _rent(order: Order, stream: Dice, commune: Commune, day: date, fields: dict[str, str]) -> list[Sheet]:
    owner = any_person(stream, born=(1950, 1985), home=commune)
    tenant = any_person(stream, born=(1975, 2004))
    fields |= {"title": "HỢP ĐỒNG THUÊ NHÀ", **_citizen("first_party", owner), **_citizen("second_party", tenant)}
    fields |= {"term": f"{stream.choice(('06', '12', '24'))} tháng, từ ngày {slashed(day)}"}
    fields |= {"value": f"{stream.randint(2, 19)}.{stream.choice(('000', '500'))}.000 đồng/tháng"}
    parties = []
    for title, role, person in (
        ("BÊN CHO THUÊ (BÊN A):", "first_party", owner),
        ("BÊN THUÊ (BÊN B):", "second_party", tenant),
    ):
        named = f"{'Bà' if person.female else 'Ông'}: **{person.name.upper()}**"
        parties += [f"**{title}**", named, *_described(fields, role)]
    first = _first_page(order, fields, _opening(day, commune, f"tại {commune.inline}"), parties)
    house = _seat(stream, commune)
    texts = [text.format(house=house, **fields) for text in _RENT]
    last = _pages(order, first, texts, list(_RENT_REST))
    _sign(order, last.sheet, last.y + 6, ("BÊN CHO THUÊ", owner.name), ("BÊN THUÊ", tenant.name))
    confirmation(order, last.sheet, last.y + 46, commune)
    return [first.sheet, last.sheet]


class _Text:
    """A page under work and the baseline where its text goes on."""

    def __init__(self, sheet: Sheet, y: float) -> None:
        self.sheet, self.y = sheet, y


def _opening(day: date, commune: Commune, where: str) -> str:
    place = "" if commune.name in where else f", {commune.inline}"
    return f"Hôm nay, {long_date(day)}, {where}{place}, chúng tôi gồm:"


def _seat(stream: Dice, commune: Commune) -> str:
    return f"{street_address(stream)}, {commune.full}"


def _citizen(role: str, person: Person) -> dict[str, str]:
    return {
        role: person.name.upper(),
        f"{role}_date_of_birth": slashed(person.born),
        f"{role}_personal_number": person.number,
        f"{role}_residence": person.address,
    }


def _described(fields: dict[str, str], role: str) -> list[str]:
    return [
        f"Sinh ngày: {fields[f'{role}_date_of_birth']}",
        f"Số định danh cá nhân: {fields[f'{role}_personal_number']}",
        f"Nơi cư trú: {fields[f'{role}_residence']}",
    ]


def _first_page(order: Order, fields: dict[str, str], opening: str, parties: list[str]) -> _Text:
    sheet = state_sheet(order)
    motto(sheet, 110, 25)
    sheet.write(110, 46, fields["title"], Style(size_pt=16, bold=True), align="centre")
    sheet.write(110, 53, f"Số: {fields['number']}", BODY.but(size_pt=13), align="centre")
    return _Text(sheet, prose(sheet, 65, [opening, *parties], gap=1.0))


def _pages(order: Order, first: _Text, texts: list[str], rest: list[str]) -> _Text:
    """Set the articles on the first page and a second one, which has its number at the top (NĐ 30/2020)."""
    first.y = prose(first.sheet, first.y + 1, texts, gap=1.0)
    sheet = state_sheet(order, 1)
    sheet.write(105, 15, "2", Style(size_pt=13), align="centre")
    return _Text(sheet, prose(sheet, 27, rest, gap=1.6))


def _sign(order: Order, sheet: Sheet, y: float, left: tuple[str, str], right: tuple[str, str]) -> None:
    for x, (word, name) in ((66.0, left), (150.0, right)):
        sheet.write(x, y, word, BODY.but(bold=True), align="centre")
        sheet.write(x, y + 5.4, "(Ký, ghi rõ họ tên)", BODY.but(size_pt=11, italic=True), align="centre")
        sign(sheet, order.dice(f"signature {word}"), x - 17, y + 17, 34)
        sheet.write(x, y + 31, capitalised(name), BODY, align="centre")


KIND = Kind(code="HOP_DONG", draw=draw, impossible=frozenset({Flaw.FOREIGN}))
