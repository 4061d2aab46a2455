import json
import unicodedata

import msgspec
import pytest

from contract.grounds import DecidedBy, Ground

PUBLISHED_WHO = {"officer only": DecidedBy.OFFICER_ALONE, "stop+purge": DecidedBy.STOP_AND_PURGE}
OURS_ALONE = {Ground.NOT_VALID}
ACCUSATIONS = ("giấy giả", "giả mạo", "làm sai", "vi phạm", "gian lận", "tẩy xóa", "forge", "fake", "fraud", "tamper")


@pytest.mark.parametrize("ground", Ground)
def test_a_ground_travels_as_its_code(ground):
    assert msgspec.json.encode(ground) == f'"{ground.name}"'.encode()
    assert msgspec.json.decode(f'"{ground.name}"', type=Ground) is ground
    assert f"{ground}" == ground.name


def test_an_unknown_ground_is_refused_on_the_wire():
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode('"A22_7"', type=Ground)


def test_the_six_grounds_of_article_22_are_there_in_order():
    article = [ground for ground in Ground if ground.name.startswith("A22_")]
    assert [ground.basis.partition(";")[0].partition(",")[0] for ground in article] == [
        f"NĐ 23/2015 Điều 22({n})" for n in range(1, 7)
    ]


@pytest.mark.parametrize("ground", Ground)
def test_every_ground_speaks_both_languages_in_composed_letters_that_fit_a_screen(ground):
    for text in (ground.basis, ground.vi, ground.en, ground.citizen_vi, ground.citizen_en):
        assert text == unicodedata.normalize("NFC", text).strip()
        assert text
    for sentence in (ground.citizen_vi, ground.citizen_en):
        assert sentence.endswith(".")
        assert len(sentence) <= 220


@pytest.mark.parametrize("ground", Ground)
def test_no_sentence_on_the_screen_accuses(ground):
    on_screen = f"{ground.citizen_vi} {ground.citizen_en}".casefold()
    assert not [accusation for accusation in ACCUSATIONS if accusation in on_screen]


def test_a_secret_paper_stops_and_is_destroyed():
    assert Ground.A22_3_SECRET.decided_by is DecidedBy.STOP_AND_PURGE


@pytest.mark.parametrize("ground", [ground for ground in Ground if ground.name.startswith("QUALITY_")])
def test_a_poor_scan_is_asked_again_and_refuses_nobody(ground):
    assert ground.decided_by is DecidedBy.ASK
    assert "quét lại" in ground.citizen_vi


def test_the_published_grounds_agree_with_ours(shared):
    table = json.loads((shared / "samples/refusal_codes.json").read_text())
    rows = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    assert rows
    for row in rows:
        ground = Ground(row["code"])
        assert ground.basis == row["basis"]
        assert ground.decided_by == PUBLISHED_WHO.get(row["who"], row["who"])
        assert ground.vi.startswith(row["vi"].rstrip("…"))
        assert ground.en == row["en"]
    ours = {ground for ground in Ground if not ground.name.startswith("QUALITY_")} - OURS_ALONE
    assert ours == {row["code"] for row in rows}
