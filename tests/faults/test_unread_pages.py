"""What a page is called whose print can't be read: another script is no damage, and damage is no other script."""

from agent.reading.checks.script import in_another_script
from agent.reading.understand import understand
from agent.reading.values import Line, Quality, ReadPage
from contract.grounds import Ground

ARABIC_AS_READ = (
    ("Nlo ỏlgố", 0.32),
    ("•o5 Ỏ …osĨ d.IKJl .J!", 0.22),
    ("gố Ỏ- Qo lJI vNoJl cl", 0.25),
    ("ase oNcÍ clLạJI ol asàJI JIs–VI osb gôu", 0.26),
    ("la.la cdll clc cl ỏJlaốJl oề cAo.La s5s", 0.33),
    ("du * tãqaizJI g củ aobl :e9I sl", 0.2),
    ("ds.JI JI–I 3làJ eLạJl soJ!", 0.23),
)
FADED = tuple((text, 0.2) for text in ("Căn cứ Luật Tổ chức chính quyền", "Xét đề nghị của Giám đốc Sở Nội vụ") * 4)
NUMBERS = tuple((f"{at}  {at},5  8,{at}", 0.9) for at in range(1, 9))


def page(*lines: tuple[str, float], ink_share: float = 0.05) -> ReadPage:
    quality = Quality(sharpness=0.9, contrast=0.9, source_dpi=300, ink_share=ink_share, cut_edges=())
    read = tuple(
        Line(text=text, box=(20.0, 20.0 + 8 * at, 150.0, 25.0 + 8 * at), confidence=confidence, sure=False)
        for at, (text, confidence) in enumerate(lines)
    )
    return ReadPage(number=1, lines=read, quality=quality, width_mm=210.0, height_mm=297.0)


def grounds(read: ReadPage) -> set[str]:
    return {finding.ground for finding in understand([read], [()]).findings}


def test_another_script_goes_to_an_officer_and_is_called_neither_damaged_nor_foreign() -> None:
    found = grounds(page(*ARABIC_AS_READ))
    assert Ground.QUALITY_UNREAD in found
    assert not found & {Ground.A22_2_DAMAGED, Ground.A22_5_NOT_LEGALISED}


def test_faded_vietnamese_print_is_damaged_and_no_other_script() -> None:
    found = grounds(page(*FADED))
    assert Ground.A22_2_DAMAGED in found
    assert Ground.QUALITY_UNREAD not in found


def test_table_of_numbers_without_a_word_is_no_other_script() -> None:
    assert not in_another_script(page(*NUMBERS))


def test_one_vietnamese_line_in_four_makes_a_page_readable() -> None:
    assert not in_another_script(page(*ARABIC_AS_READ[:6], *(("Giấy chứng nhận đăng ký kết hôn", 0.95),) * 3))


def test_few_lines_prove_nothing() -> None:
    assert not in_another_script(page(*ARABIC_AS_READ[:4]))
    assert not in_another_script(page())


def test_page_black_with_ink_but_without_a_line_is_reported_and_a_picture_is_not() -> None:
    assert Ground.QUALITY_UNREAD in grounds(page(ink_share=0.2))
    assert Ground.QUALITY_UNREAD in grounds(page(("/TrI", 0.4), ink_share=0.4))
    assert Ground.QUALITY_UNREAD not in grounds(page(ink_share=0.06))
