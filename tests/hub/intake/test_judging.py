"""A kiosk asks what the copy on its glass is worth: the public page's verdict, with no name but the certifier's."""

import pytest
from hub_doubles import KIOSK, bodies
from public_doubles import Shop

from contract import messages, topics
from contract.ids import new_ulid
from contract.messages import Judged, JudgeRequest, RequestEnvelope, Standing
from hub.intake.handler import Intake
from hub.register import annulments
from hub.register.annulments import Annulment, ReasonClass


def asked(shop: Shop, code: str, *, trusts: bool = True) -> Judged:
    now = shop.hub.clock.now()
    envelope = RequestEnvelope(v=1, id=new_ulid(now), at=now, body=JudgeRequest(code=code))
    intake = Intake(shop.hub, shop.web.app.state.trust if trusts else None)
    (said,) = bodies(intake.handle(topics.up(KIOSK, "request", "judge"), messages.encode(envelope)))
    assert isinstance(said, Judged)
    return said


@pytest.fixture
def address(shop: Shop) -> str:
    return f"HTTPS://TRAM.EXAMPLE.VN{shop.path}"


def test_a_genuine_copy_is_valid_with_what_its_paper_must_show(shop: Shop, address: str) -> None:
    said = asked(shop, address)
    values = " ".join(line.value for line in said.lines)
    assert said.standing is Standing.VALID and said.vi == said.en == ()
    for text in ("UBND phường Mẫu", "Trần Thị Mẫu", "01, quyển số 01/2026-SCTĐT/BS", "N.V.M"):
        assert text in values
    assert "Nguyễn Văn Mẫu" not in values


def test_an_annulled_copy_is_worthless_with_the_decision(shop: Shop, address: str) -> None:
    why = Annulment(decision_no="QĐ 5/QĐ-UBND", reason_class=ReasonClass.ENTRY_WRONG, text="Ghi sai tên.")
    annulments.record(shop.hub, "mau", shop.copy.copy_id, why)
    said = asked(shop, address)
    assert said.standing is Standing.INVALID and said.lines[0].value == "QĐ 5/QĐ-UBND"
    assert len(said.vi) == len(said.en) == 1


def test_a_forged_seal_is_worthless_and_shows_nothing_of_the_register(shop: Shop, address: str) -> None:
    forged = address[:-2] + ("A" if address[-2] != "A" else "B") + address[-1]
    said = asked(shop, forged)
    assert said.standing is Standing.INVALID and said.lines == ()


@pytest.mark.parametrize("code", ["https://example.com", "00020101021138", "Ấ" * 300, "/"])
def test_a_code_of_something_else_leaves_the_question_open(shop: Shop, code: str) -> None:
    said = asked(shop, code)
    assert said.standing is Standing.UNKNOWN and said.vi and said.lines == ()


def test_without_trust_nothing_is_believed(shop: Shop, address: str) -> None:
    assert asked(shop, address, trusts=False).standing is Standing.UNKNOWN
