"""What a phone shows of a procedure: all that the kiosk shows, from the newest catalogue, without a script."""

import html

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from public_doubles import Shop

from contract.catalogue import own, packed
from contract.note import LogSigner
from hub.fleet import catalogue

SIGNER = LogSigner(name="tram.example.vn/catalogue", key=Ed25519PrivateKey.generate())


@pytest.mark.parametrize("code", ["2.000815", "1.001193", "1.004194"])
def test_it_says_what_to_bring_the_fee_the_time_the_place_and_the_law(shop: Shop, code: str) -> None:
    answer, it = shop.web.get(f"/tthc/{code}"), own().find(code)
    assert answer.status_code == 200 and it
    text = html.unescape(answer.text)
    facts = (it.short, it.english, it.name, it.fee, it.time, it.place, it.decided_by, it.code)
    for each in (*facts, *it.bring, *it.basis):
        assert each in text, each
    assert "<script" not in answer.text and "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_published_catalogue_takes_the_place_of_the_programs_own(shop: Shop) -> None:
    first = msgspec.structs.replace(own().procedure[0], fee="Năm nghìn đồng <b>")
    fresh = msgspec.structs.replace(own(), version=9, procedure=(first, *own().procedure[1:]))
    catalogue.publish(shop.hub.config.data_dir, packed(fresh, SIGNER), SIGNER.public)
    page = shop.web.get(f"/tthc/{first.code}").text
    assert "Năm nghìn đồng &lt;b&gt;" in page and "số 9" in page


@pytest.mark.parametrize("code", ["9.999999", "x", "..%2Ftrust"])
def test_a_code_that_nobody_knows_is_said_to_be_unknown(shop: Shop, code: str) -> None:
    assert shop.web.get(f"/tthc/{code}").status_code == 404
