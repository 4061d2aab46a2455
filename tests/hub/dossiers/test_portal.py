"""A whole dossier reaches the simulated portal once, through everything that the portal can do wrong."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from agency_doubles import TOKEN, patience, reached
from document_doubles import Town, draft
from msgspec.structs import replace

from hub.adapters.pauses import FIRST_PAUSE, LONGEST_PAUSE
from hub.adapters.portal import HttpPortal, Record
from hub.adapters.settings import PortalConfig
from hub.dossiers import documents
from hub.dossiers.portal import HandingOn
from hub.store.tables import DossierRow
from provisioning.onebox.agency_system import Trouble
from provisioning.onebox.portal_system import PortalSystem

DOWNLOADS = "http://127.0.0.1:1"
TROUBLES = [each for each in Trouble if each is not Trouble.ABOUT_ANOTHER]
"""The portal's answers do not say what they are about."""
RECORD = Record(
    code="0" * 26, procedure="1.001193", procedure_name="Khai sinh", about="Khai sinh", received="20261123090000",
    state="2", by="UBND phường Mẫu",
)  # fmt: skip


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[tuple[PortalSystem, PortalConfig]]:
    system = PortalSystem(TOKEN)
    with reached(system, PortalConfig, tmp_path, account="h26", downloads=DOWNLOADS) as config:
        yield system, config


def handing_on(town: Town, config: PortalConfig) -> HandingOn:
    return HandingOn(town.hub, HttpPortal(config, "H26.1.23"), config)


def sign(town: Town, pdf: bytes | None = None, papers: int = 1) -> str:
    """File a paper, accept and sign it; return its code."""
    base = town.file(pdf, documents=papers)
    with town.hub.database.reading() as session:
        _, metadata = documents.newest(session, base)
    documents.accept(town.hub, base, metadata, "mau")
    assert town.queue.sign_next()
    return base


def standing(town: Town) -> DossierRow:
    with town.hub.database.reading() as session:
        return session.get_one(DossierRow, town.dossier)


def test_only_a_whole_dossier_is_handed_over_with_each_paper_where_it_can_be_fetched(
    town: Town, portal: tuple[PortalSystem, PortalConfig]
) -> None:
    system, config = portal
    handing = handing_on(town, config)
    first = sign(town, papers=2)
    handing.hand_on_all()
    assert system.asked == 0
    second = sign(town, draft("khác"), papers=2)
    handing.hand_on_all()
    (record,) = system.records.values()
    assert (record["MaHoSo"], record["MaTTHC"], record["TenTTHC"]) == (town.dossier, "1.001193", "Đăng ký khai sinh")
    assert {each["TepDinhKemId"] for each in record["TaiLieuNop"]} == {f"{first}_V1", f"{second}_V1"}
    for paper in record["TaiLieuNop"]:
        fetched = town.call("GET", paper["DuongDanTaiTepTin"].removeprefix(f"{DOWNLOADS}/api/v1"))
        assert fetched.status_code == 200 and fetched.content.startswith(b"%PDF")
    assert standing(town).portal_receipt == town.dossier
    handing.hand_on_all()
    assert system.writes == 1


def test_whatever_the_portal_does_the_dossier_waits_and_then_stands_there_once(
    town: Town, portal: tuple[PortalSystem, PortalConfig]
) -> None:
    system, config = portal
    sign(town)
    for failures, trouble in enumerate(TROUBLES, 1):
        system.trouble = trouble
        handing_on(town, replace(config, deadline_s=patience(trouble))).hand_on_all()
        assert (standing(town).handed_on_at, standing(town).portal_failures) == (None, failures), trouble
        town.clock.advance(LONGEST_PAUSE.total_seconds())
    assert "book is closed" in standing(town).portal_fault
    system.trouble = None
    handing_on(town, config).hand_on_all()
    assert standing(town).handed_on_at is not None
    assert list(system.records) == [town.dossier]
    assert system.writes == 2, "the write whose answer was lost is made again as a change of the same record"


def test_what_the_portal_took_before_it_fell_silent_is_changed_not_made_anew(
    portal: tuple[PortalSystem, PortalConfig],
) -> None:
    system, config = portal
    speaking = HttpPortal(config, "H26.1.23")
    speaking.write(RECORD)
    assert speaking.write(replace(RECORD, about="Khai sinh, bổ sung")) == RECORD.code
    assert system.writes == 2
    assert system.records[RECORD.code]["TrichYeuHoSo"] == "Khai sinh, bổ sung"


def test_a_portal_that_failed_a_moment_ago_is_left_alone(town: Town, portal: tuple[PortalSystem, PortalConfig]) -> None:
    system, config = portal
    sign(town)
    system.trouble = Trouble.ERROR
    handing = handing_on(town, config)
    for _ in range(5):
        handing.hand_on_all()
    assert system.asked == 1
    (source,) = town.hub.sources.all()
    assert not source.is_good and "500" in source.fault
    town.clock.advance(FIRST_PAUSE.total_seconds())
    handing.hand_on_all()
    assert system.asked == 2


def test_a_wrong_password_is_told_in_the_portals_own_words(
    town: Town, portal: tuple[PortalSystem, PortalConfig]
) -> None:
    _, config = portal
    sign(town)
    config.secret_file.write_text("khác")
    handing_on(town, config).hand_on_all()
    assert "sai mật khẩu" in standing(town).portal_fault
