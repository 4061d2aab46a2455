"""What belongs to a dossier: a few procedures of the commune with their components, by official code.

Codes, names and components are those of the National Public Service Portal (crawled November 2026), shortened to what
stands on the paper; conditions under which a component is asked for stand behind it. `required` is what every dossier
of the procedure has; whether a paper that depends on a condition is needed is said by the citizen, not by the machine.
"""

from typing import Final

from msgspec import Struct


class Component(Struct, frozen=True, kw_only=True):
    """One paper of a dossier; `code` is its name on a separator sheet."""

    code: str
    vi: str
    en: str
    required: bool = False
    when_vi: str = ""
    when_en: str = ""


class Procedure(Struct, frozen=True, kw_only=True):
    """A procedure under its official code."""

    code: str
    vi: str
    en: str
    components: tuple[Component, ...]

    def component(self, code: str) -> Component | None:
        """Return the component of this code."""
        return next((each for each in self.components if each.code == code), None)


_AUTHORISATION: Final = Component(
    code="UY_QUYEN",
    vi="Văn bản ủy quyền",
    en="Power of attorney",
    when_vi="nếu nhờ người khác làm thay",
    when_en="if somebody acts for you",
)
_OTHER: Final = Component(
    code="KHAC", vi="Giấy tờ khác", en="Another paper", when_vi="nếu có", when_en="if there is one"
)

PROCEDURES: Final = (
    Procedure(
        code="1.001193",
        vi="Đăng ký khai sinh",
        en="Registering a birth",
        components=(
            Component(code="TO_KHAI", vi="Tờ khai đăng ký khai sinh", en="Application form", required=True),
            Component(
                code="CHUNG_SINH",
                vi="Giấy chứng sinh",
                en="Birth notification of the hospital",
                required=True,
                when_vi="hoặc văn bản của người làm chứng, giấy cam đoan",
                when_en="or a witness's statement, or a declaration",
            ),
            Component(
                code="BI_BO_ROI",
                vi="Biên bản về việc trẻ bị bỏ rơi",
                en="Record of a foundling",
                when_vi="nếu trẻ bị bỏ rơi",
                when_en="for a foundling",
            ),
            _AUTHORISATION,
            _OTHER,
        ),
    ),
    Procedure(
        code="1.000656",
        vi="Đăng ký khai tử",
        en="Registering a death",
        components=(
            Component(code="TO_KHAI", vi="Tờ khai đăng ký khai tử", en="Application form", required=True),
            Component(
                code="BAO_TU",
                vi="Giấy báo tử",
                en="Death notification",
                required=True,
                when_vi="hoặc giấy tờ thay Giấy báo tử",
                when_en="or a paper in its place",
            ),
            _AUTHORISATION,
            _OTHER,
        ),
    ),
    Procedure(
        code="1.004873",
        vi="Cấp Giấy xác nhận tình trạng hôn nhân",
        en="Confirmation of marital status",
        components=(
            Component(code="TO_KHAI", vi="Tờ khai cấp giấy xác nhận", en="Application form", required=True),
            Component(
                code="XAC_NHAN_CU",
                vi="Giấy xác nhận đã được cấp trước đó",
                en="The confirmation given before",
                when_vi="nếu xin cấp lại",
                when_en="if you ask for a new one",
            ),
            Component(
                code="LY_HON",
                vi="Bản án, quyết định ly hôn hoặc trích lục khai tử",
                en="Divorce judgement or death extract",
                when_vi="nếu đã ly hôn hoặc vợ, chồng đã chết",
                when_en="if divorced or widowed",
            ),
            _AUTHORISATION,
            _OTHER,
        ),
    ),
    Procedure(
        code="1.000894",
        vi="Đăng ký kết hôn",
        en="Registering a marriage",
        components=(
            Component(code="TO_KHAI", vi="Tờ khai đăng ký kết hôn", en="Application form", required=True),
            Component(
                code="TINH_TRANG_HON_NHAN",
                vi="Giấy xác nhận tình trạng hôn nhân",
                en="Confirmation of marital status",
                when_vi="nếu cơ quan chưa tra cứu được",
                when_en="if the agency can't look it up",
            ),
            _OTHER,
        ),
    ),
)


def procedure(code: str) -> Procedure | None:
    """Return the procedure of this code."""
    return next((each for each in PROCEDURES if each.code == code), None)


def procedure_name(code: str) -> str:
    """Return a procedure's Vietnamese name; its code where it is not known here."""
    known = procedure(code)
    return known.vi if known else code


def component_name(procedure_code: str, code: str) -> str:
    """Return the Vietnamese name of a component; its code where it is not known here."""
    known = procedure(procedure_code)
    component = known.component(code) if known else None
    return component.vi if component else code
