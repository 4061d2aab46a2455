"""The one-time link: a phone gets the copy once, may take a broken download up again, and nothing stays behind."""

import re
import secrets
from datetime import datetime, timedelta

import pytest
from hub_doubles import KIOSK, PREPARING_KIOSK, KioskDouble
from public_doubles import Shop
from sqlalchemy import select

from contract import messages, topics
from contract.ids import new_ulid, sha256_hex
from contract.messages import Ack, Fact, FactEnvelope, HandedOverFact, LinkFact, PurgedFact, Rejected, ReplyEnvelope
from hub.register import links, purge_proof, retention
from hub.store import audit
from hub.store.tables import AuditRow, CopyLink, Issue, RequestRow
from hub.verify.byte_span import NoSuchSpan, span_of

TOKEN = "aB3_-" + "x" * 27


def paper_of(shop: Shop) -> str:
    with shop.hub.database.reading() as session:
        return session.get_one(Issue, shop.copy.copy_id).request


def tell(shop: Shop, fact: Fact, kiosk: str = KIOSK) -> Ack | Rejected:
    """Send a fact as the kiosk does; return the acknowledgement, or why there is none."""
    envelope = FactEnvelope(v=1, id=new_ulid(shop.clock.now()), at=shop.clock.now(), body=fact)
    kind = str(fact.__struct_config__.tag)
    topic = topics.up(kiosk, "fact", kind)
    (said,) = KioskDouble(shop.hub, kiosk).intake.handle(topic, messages.encode(envelope))
    if said.topic.endswith("/ack"):
        return messages.decode(Ack, said.payload)
    body = messages.decode(ReplyEnvelope, said.payload).body
    assert isinstance(body, Rejected)
    return body


def shown(shop: Shop, token: str = TOKEN, *, until: datetime | None = None) -> str:
    """Let the kiosk show a link and say that all is handed over; return the link's path."""
    request, until = paper_of(shop), until or shop.clock.now() + timedelta(hours=30)
    assert isinstance(
        tell(shop, LinkFact(request=request, token_sha256=sha256_hex(token.encode()), valid_until=until)), Ack
    )
    tell(shop, HandedOverFact(request=request, paper_copies=0, electronic=True))
    tell(shop, PurgedFact(request=request, sha256=()))
    return f"/d/{token}"


def button(shop: Shop, path: str) -> str:
    """The address behind the page's button."""
    page = shop.web.get(path)
    assert page.status_code == 200
    (address,) = re.findall(r'class="do" href="([^"]+)"', page.text)
    return address


def kept(shop: Shop) -> bool:
    retention.sweep(shop.hub)
    with shop.hub.database.reading() as session:
        issue = session.get_one(Issue, shop.copy.copy_id)
        draft = session.get_one(RequestRow, issue.request).draft_sha256
    both = shop.hub.drafts.get(draft) is not None, shop.hub.tails.get(shop.copy.tail.sha256) is not None
    assert both[0] == both[1]
    return both[0]


def test_phone_gets_the_copy_byte_for_byte_and_the_page_alone_uses_nothing_up(shop: Shop) -> None:
    pdf, path = shop.pdf(), shown(shop)
    for _ in range(5):  # a messenger's preview, a person who comes back
        page = shop.web.get(path)
        assert "Giấy khai sinh" in page.text
        assert shop.copy.register_label in page.text
    assert "Tải được đến" in page.text
    got = shop.web.get(button(shop, path))
    assert (got.status_code, got.content, sha256_hex(got.content)) == (200, pdf, shop.copy.copy_sha256)
    assert got.headers["content-disposition"] == f'attachment; filename="ban-sao-{shop.copy.copy_id[-8:]}.pdf"'
    assert got.headers["cache-control"] == "no-store"


def test_copy_stays_for_its_link_after_hand_over_and_goes_soon_after_the_download(shop: Shop) -> None:
    path = shown(shop)
    assert kept(shop)
    shop.web.get(button(shop, path))
    assert kept(shop)
    shop.clock.advance(links.GRACE.total_seconds() - 1)
    assert kept(shop)
    shop.clock.advance(1)
    assert not kept(shop)
    assert shop.web.get(path).status_code == 410


def test_links_of_carriers_leave_the_kiosk_its_own(shop: Shop) -> None:
    request = paper_of(shop)
    for _ in range(links.MOST_LINKS + 1):  # an account that was away drew one at each try
        links.draw(shop.hub, request)
    assert shop.web.get(shown(shop)).status_code == 200


def test_broken_download_is_taken_up_again_and_comes_to_the_same_bytes(shop: Shop) -> None:
    pdf, address = shop.pdf(), button(shop, shown(shop))
    first = shop.web.get(address, headers={"Range": "bytes=0-999"})
    assert (first.status_code, first.headers["content-range"]) == (206, f"bytes 0-999/{len(pdf)}")
    tag = first.headers["etag"]
    rest = shop.web.get(address, headers={"Range": "bytes=1000-", "If-Range": tag})
    assert first.content + rest.content == pdf
    assert shop.web.get(address, headers={"Range": "bytes=1000-", "If-Range": '"other"'}).content == pdf
    behind = shop.web.get(address, headers={"Range": f"bytes={len(pdf)}-"})
    assert (behind.status_code, behind.headers["content-range"]) == (416, f"bytes */{len(pdf)}")


def test_second_user_of_a_link_is_told_when_it_was_used_and_gets_nothing(shop: Shop) -> None:
    path = shown(shop)
    address = button(shop, path)
    shop.web.get(address)
    used = shop.clock.now()
    shop.clock.advance(links.GRACE.total_seconds())
    for late in (path, address):
        answer = shop.web.get(late)
        assert answer.status_code == 410
        assert f"{used + timedelta(hours=7):%H:%M %d/%m/%Y}" in answer.text
        assert b"%PDF" not in answer.content


def test_fetches_within_the_grace_are_counted(shop: Shop) -> None:
    address = button(shop, shown(shop))
    codes = [shop.web.get(address, headers={"Range": "bytes=0-9"}).status_code for _ in range(links.MOST_FETCHES + 1)]
    assert codes == [206] * links.MOST_FETCHES + [410]
    with shop.hub.database.reading() as session:
        assert session.scalars(select(CopyLink)).one().fetches == links.MOST_FETCHES
        trail = session.scalars(select(AuditRow).where(AuditRow.what == audit.Act.COPY_FETCHED)).all()
    assert [row.subject for row in trail] == [shop.copy.copy_id]


def test_link_that_nobody_uses_is_over_a_day_after_signing_whatever_the_kiosk_said(shop: Shop) -> None:
    path = shown(shop)
    shop.clock.advance(24 * 3600 - 1)
    assert kept(shop)
    shop.clock.advance(2)
    assert not kept(shop)
    assert "24 giờ" in shop.web.get(path).text


def test_link_may_be_shorter_than_a_day(shop: Shop) -> None:
    path = shown(shop, until=shop.clock.now() + timedelta(minutes=5))
    shop.clock.advance(300)
    assert shop.web.get(path).status_code == 410
    assert not kept(shop)


def test_purge_proof_knows_the_open_link_and_names_the_file_that_outlives_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.store.blobs._older", lambda path, moment: True)
    shown(shop)
    shop.clock.advance(3600)
    assert purge_proof.prove(shop.hub, "mau").overdue == []
    with shop.hub.database.writing() as session:
        session.scalars(select(CopyLink)).one().open_until = shop.clock.now() - timedelta(hours=1)
    assert [each.store for each in purge_proof.prove(shop.hub, "mau").overdue] == ["drafts"]


def test_token_stands_nowhere_at_the_hub(shop: Shop) -> None:
    path = shown(shop)
    shop.web.get(button(shop, path))
    shop.hub.database.close()
    for file in shop.hub.config.data_dir.rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes(), file


def test_unknown_link_says_that_the_kiosk_may_not_have_told_yet(shop: Shop) -> None:
    answer = shop.web.get(f"/d/{secrets.token_urlsafe(24)}")
    assert answer.status_code == 404
    assert "thử lại sau một phút" in answer.text
    assert shop.web.get("/d/short").status_code == 422


def test_no_link_leads_to_a_copy_of_another_kiosk_or_to_more_than_three_addresses(shop: Shop) -> None:
    def fact(token: str) -> LinkFact:
        until = shop.clock.now() + timedelta(hours=1)
        return LinkFact(request=paper_of(shop), token_sha256=sha256_hex(token.encode()), valid_until=until)

    foreign = tell(shop, fact("a"), PREPARING_KIOSK)
    assert isinstance(foreign, Rejected)
    assert foreign.code == "NOT_YOURS"
    told = [tell(shop, fact(token)) for token in ("a", "a", "b", "c", "d")]
    assert [isinstance(each, Ack) for each in told] == [True] * 4 + [False]
    assert isinstance(told[-1], Rejected)
    assert told[-1].code == "LINK_REFUSED"


def test_paper_that_was_not_ordered_electronically_or_is_not_signed_has_no_link(shop: Shop) -> None:
    kiosk = KioskDouble(shop.hub)
    paper = kiosk.queue_paper(electronic=False)
    until = shop.clock.now() + timedelta(hours=1)
    refused = tell(shop, LinkFact(request=paper, token_sha256="0" * 64, valid_until=until))
    assert isinstance(refused, Rejected)
    assert refused.code == "LINK_REFUSED"


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", None), ("bytes=-", None), ("bytes=0-1,3-4", None), ("items=0-1", None), ("bytes=5-2", None),
        ("bytes=0-0", (0, 1)), ("bytes=9-", (9, 10)), ("bytes=2-99", (2, 10)), ("bytes=-3", (7, 10)),
        ("bytes=-99", (0, 10)), ("bytes=10-", NoSuchSpan), ("bytes=-0", NoSuchSpan),
    ],
)  # fmt: skip
def test_range_headers(header: str, span: tuple[int, int] | type[NoSuchSpan] | None) -> None:
    if span is NoSuchSpan:
        with pytest.raises(NoSuchSpan):
            span_of(header, 10)
    else:
        assert span_of(header, 10) == span
