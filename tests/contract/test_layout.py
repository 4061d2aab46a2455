import pytest

from contract import layout


def test_the_frame_never_touches_header_or_statement():
    for last in (True, False):
        frame = layout.frame(last=last)
        assert frame.y >= layout.header().bottom
        assert frame.bottom <= layout.PAGE_HEIGHT_MM
    assert layout.frame(last=True).bottom <= layout.attestation().y
    assert layout.attestation().bottom <= layout.PAGE_HEIGHT_MM


@pytest.mark.parametrize(("width", "height"), [(210, 297), (297, 210), (85.6, 54), (190, 3000), (500, 10)])
def test_an_image_is_placed_whole_inside_and_never_enlarged(width, height):
    room = layout.frame(last=True)
    placed = layout.fit(width, height, room)
    assert placed.width <= width + 1e-9
    assert placed.x >= room.x - 1e-9
    assert placed.y >= room.y - 1e-9
    assert placed.x + placed.width <= room.x + room.width + 1e-9
    assert placed.bottom <= room.bottom + 1e-9
    assert placed.width / placed.height == pytest.approx(width / height)


def test_a_card_keeps_its_true_size():
    placed = layout.fit(85.6, 54, layout.frame(last=True))
    assert (placed.width, placed.height) == (85.6, 54)
