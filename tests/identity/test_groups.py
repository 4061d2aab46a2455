"""The data groups by themselves: what is taken, what is refused, and what never gets as far as a decoder."""

import struct

import pytest

from agent.identity.chip import personal_group, portrait_group, zone_group
from agent.identity.chip.personal_group import Certainty
from agent.identity.errors import ChipAnswerBroken
from provisioning.onebox.eid_files import drawn_portrait
from provisioning.onebox.eid_files import portrait_group as issued
from provisioning.onebox.eid_session import tlv
from tests.identity.cards import SMALL_PORTRAIT


def numbered(number: int, *values: bytes) -> bytes:
    return tlv("30", tlv("02", bytes((number,))) + b"".join(values))


@pytest.mark.parametrize(
    "wrap",
    [lambda body: body, lambda body: tlv("30", body), lambda body: tlv("31", tlv("30", body))],
    ids=["bare", "in a sequence", "in a set of one"],
)
def test_personal_data_are_found_however_they_are_wrapped(wrap: object) -> None:
    assert callable(wrap)
    body = numbered(1, tlv("13", b"001099012345")) + numbered(2, tlv("0C", "Nguyễn Văn Mẫu".encode()))
    found = personal_group.parse(tlv("6D", wrap(body)))
    assert (found.sure("personal_number"), found.sure("full_name")) == ("001099012345", "Nguyễn Văn Mẫu")


def test_disputed_field_is_kept_and_is_no_fact() -> None:
    found = personal_group.parse(tlv("6D", numbered(15, tlv("13", b"012345678")) + numbered(99, tlv("0C", b"?"))))
    assert [(field.name, field.certainty, field.values) for field in found.fields] == [
        ("former_number", Certainty.DISPUTED, ("012345678",))
    ]
    assert found.sure("former_number") == ""


def test_name_in_decomposed_letters_comes_composed() -> None:
    found = personal_group.parse(tlv("6D", numbered(2, tlv("0C", "Nguyê\u0303n".encode()))))
    assert found.sure("full_name") == "Nguyễn"


@pytest.mark.parametrize(
    "group",
    [
        b"",
        tlv("6D", b""),
        tlv("6E", numbered(1)),
        tlv("6D", b"\x30\x05\x02"),
        tlv("6D", numbered(2, tlv("0C", b"\xff"))),
    ],
)
def test_group_without_personal_data_is_broken(group: bytes) -> None:
    with pytest.raises(ChipAnswerBroken):
        personal_group.parse(group)


def test_deep_nesting_ends() -> None:
    body = numbered(1, tlv("13", b"1"))
    for _ in range(200):
        body = tlv("30", body)
    with pytest.raises(ChipAnswerBroken):
        personal_group.parse(tlv("6D", body))


@pytest.mark.parametrize("form", ["JPEG", "JPEG2000"])
def test_portrait_with_more_pixels_than_any_has_is_not_decoded(form: str) -> None:
    """The picture's own head claims 20,000 x 20,000; nothing but the head is right."""
    picture = bytearray(drawn_portrait(form))
    if form == "JPEG":
        at = picture.index(b"\xff\xc0") + 5
        picture[at : at + 4] = struct.pack(">HH", 20_000, 20_000)
    else:
        at = picture.index(b"\xff\x51") + 6
        picture[at : at + 8] = struct.pack(">II", 20_000, 20_000)
        box = picture.index(b"ihdr") + 4
        picture[box : box + 8] = struct.pack(">II", 20_000, 20_000)
    portrait = portrait_group.parse(issued(drawn_portrait(form)).replace(drawn_portrait(form), bytes(picture)))
    with pytest.raises(ChipAnswerBroken):
        portrait.pixels()


def test_portrait_cut_short_is_named() -> None:
    portrait = portrait_group.parse(issued(SMALL_PORTRAIT))
    with pytest.raises(ChipAnswerBroken):
        portrait_group.Portrait(data=portrait.data[:200], format=portrait.format).pixels()


@pytest.mark.parametrize(
    ("told", "said"),
    [(b"FAC\x00", b"FIR\x00"), (b"010\x00", b"020\x00"), (b"\x00\x00\x00\x0cjP", b"\x00\x00\x00\x0cGP")],
)
def test_record_of_another_kind_is_refused(told: bytes, said: bytes) -> None:
    with pytest.raises(ChipAnswerBroken):
        portrait_group.parse(issued(SMALL_PORTRAIT).replace(told, said, 1))


def test_passport_zone_is_read_too() -> None:
    lines = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    zone = zone_group.parse(tlv("61", tlv("5F1F", lines.encode())))
    assert (zone.form, zone.country, zone.faults) == ("TD3", "UTO", ())


@pytest.mark.parametrize("text", [b"", b"A" * 89, b"\xff" * 90, b"a b " * 22 + b"ab"])
def test_group_without_a_zone_is_broken(text: bytes) -> None:
    with pytest.raises(ChipAnswerBroken):
        zone_group.parse(tlv("61", tlv("5F1F", text)))
