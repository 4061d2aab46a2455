"""A digitised paper at the hub: filed, looked at, signed, kept twice more, given out by the four services."""

import hashlib
import io
import json
import subprocess
import zipfile
from pathlib import Path

import msgspec
import pytest
from document_doubles import COMPLETE, READERS_TOKEN, SECRET, Town, draft
from hub_doubles import PASSWORD
from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from contract.messages import Filed, Rejected, SendChunks
from hub.dossiers import documents
from hub.faults import DecisionIncomplete, DocumentDecided
from hub.store.tables import AuditRow, DocumentRow, DocumentState, DocumentVersion

CODE = "H26.1.23_QĐ_000001"


def state_of(town: Town, base_code: str) -> DocumentRow:
    with town.hub.database.reading() as session:
        return session.get_one(DocumentRow, base_code)


def signed(town: Town, base_code: str) -> bytes:
    """Accept and sign a document; return its file as the service gives it out."""
    town.sign(base_code)
    answer = town.call("GET", f"/documents/download/{base_code}_V1")
    assert answer.status_code == 200, answer.text
    return answer.content


def everywhere(town: Town) -> list[set[str]]:
    """The files in the archive and in each backup."""
    folders = (town.hub.config.data_dir, *town.backups)
    return [{each.name for each in (folder / "documents").iterdir()} for folder in folders]


def test_a_paper_that_comes_in_pieces_over_two_evenings_is_filed_once_with_its_number(town: Town) -> None:
    pdf = draft()
    request, payload = town.request(pdf)
    missing = tuple(range(-(-len(pdf) // 65536)))
    assert town.ask(payload) == SendChunks(missing=missing) and len(missing) > 1
    town.send(pdf, range(1))
    assert town.ask(payload) == SendChunks(missing=missing[1:])
    town.send(pdf, range(1, len(missing)))
    assert town.ask(payload) == town.ask(payload) == Filed(doc_code=f"{CODE}_V1")
    assert town.file(draft("Quyết định khác")) == "H26.1.23_QĐ_000002"
    assert town.file(draft("Giấy chứng sinh"), kind="UNKNOWN") == "H26.1.23_GTK_000001"
    assert request and everywhere(town)[0] == everywhere(town)[1] == everywhere(town)[2]


def test_damaged_chunks_take_no_number_and_are_asked_for_again(town: Town) -> None:
    pdf = draft()
    _, payload = town.request(pdf)
    town.ask(payload)
    name = hashlib.sha256(pdf).hexdigest()
    for n in range(-(-len(pdf) // 65536)):
        part = pdf[n * 65536 : (n + 1) * 65536]
        assert town.intake.handle(f"tram/v1/tram-01/up/blob/{name}/{n}", bytes(len(part))) == []
    assert isinstance(town.ask(payload), SendChunks)
    town.send(pdf)
    assert town.ask(payload) == Filed(doc_code=f"{CODE}_V1")


def test_a_paper_of_another_number_of_pages_than_told_is_refused(town: Town) -> None:
    pdf = draft()
    _, payload = town.request(pdf, pages=2)
    town.ask(payload)
    town.send(pdf)
    said = town.ask(payload)
    assert isinstance(said, Rejected) and (said.code, said.final) == ("DRAFT_PAGES", True)


def test_a_dossier_is_one_kiosks_and_its_secret_stays(town: Town) -> None:
    town.file()
    _, payload = town.request(draft("khác"), secret_sha256="0" * 64)
    said = town.ask(payload)
    assert isinstance(said, Rejected) and said.code == "NOT_YOURS"


def test_nothing_is_acknowledged_while_a_backup_is_away_and_no_number_is_lost(town: Town) -> None:
    pdf = draft()
    _, payload = town.request(pdf)
    town.ask(payload)
    town.send(pdf)
    away = town.backups[1] / "documents"
    away.rename(away.with_name("away"))
    said = town.ask(payload)
    assert isinstance(said, Rejected) and (said.code, said.final) == ("HUB_STORE", False)
    away.with_name("away").rename(away)
    assert isinstance(town.ask(payload), SendChunks)
    town.send(pdf)
    assert town.ask(payload) == Filed(doc_code=f"{CODE}_V1")


def test_a_backup_that_rots_is_written_anew_and_a_sound_copy_is_found(town: Town) -> None:
    town.file()
    archive, (name,) = town.hub.archive, everywhere(town)[0]
    assert archive is not None
    for folder in (town.hub.config.data_dir, town.backups[0]):
        (folder / "documents" / name).write_bytes(b"rot")
    assert archive.get(name) == draft()
    archive.put(draft())
    assert (town.backups[0] / "documents" / name).read_bytes() == draft()


def test_the_signed_file_is_signed_by_the_agency_and_says_so_at_the_top_right(town: Town, tmp_path: Path) -> None:
    content = signed(town, town.file(draft(pages=2), pages=2))
    assert content.startswith(draft(pages=2))
    path = tmp_path / "document.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False).stdout
    assert said.count("Signature is Valid") == 1 and "UBND phường Mẫu" in said
    assert "CoQuanSoHoa" in said and "ChungThuc" not in said
    region = ["-x", "230", "-y", "0", "-W", "365", "-H", "60", "-f", "1", "-l", "1"]
    corner = subprocess.run(["pdftotext", "-layout", *region, path, "-"], capture_output=True, text=True, check=True)
    for text in ("TÀI LIỆU SỐ HÓA", "chuyển từ bản giấy", "2026-11-23T08:00:07+07:00", "UBND phường Mẫu", "Ký số 2026"):
        assert text in corner.stdout
    whole = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
    assert f"{CODE}_V1" in whole and "CHƯA CÓ GIÁ TRỊ" not in whole and "Quyết định số 45/QĐ-UBND" in whole
    assert state_of(town, CODE).level == "PAdES B-LTA"


def test_the_scans_pixels_are_300_dpi_or_more_on_the_page(town: Town, tmp_path: Path) -> None:
    (tmp_path / "d.pdf").write_bytes(signed(town, town.file()))
    listed = subprocess.run(
        ["pdfimages", "-list", tmp_path / "d.pdf"], capture_output=True, text=True, check=True
    ).stdout
    x_dpi, y_dpi = map(int, listed.splitlines()[2].split()[12:14])
    assert min(x_dpi, y_dpi) >= 300


def test_the_scan_without_a_signature_is_gone_once_the_signed_file_is_in_every_backup(town: Town) -> None:
    content = signed(town, town.file())
    assert everywhere(town) == [{hashlib.sha256(content).hexdigest()}] * 3


def test_nobody_signs_what_no_person_has_looked_at(town: Town) -> None:
    base = town.file()
    assert not town.queue.sign_next()
    assert town.call("GET", f"/documents/download/{base}_V1").json()["code"] == "DOCUMENT_NOT_READY"


def test_a_paper_without_its_mandatory_metadata_is_not_accepted_and_corrections_are_the_next_version(
    town: Town,
) -> None:
    blank = msgspec.structs.replace(COMPLETE, organ_name="", issued_date=None)
    base = town.file(metadata=blank)
    with pytest.raises(DecisionIncomplete, match="IssuedDate, OrganName"):
        documents.accept(town.hub, base, blank, "mau")
    documents.accept(town.hub, base, COMPLETE, "mau")
    with pytest.raises(DocumentDecided):
        documents.accept(town.hub, base, COMPLETE, "hai")
    assert town.call("GET", f"/documents/{base}_V1").json()["OrganName"] == ""
    assert town.call("GET", f"/documents/{base}_V2").json()["OrganName"] == "UBND phường Mẫu"
    assert town.queue.sign_next()
    assert town.call("GET", f"/documents/download/{base}_V2").status_code == 200


def test_a_scan_that_is_sent_back_is_destroyed_and_keeps_its_number(town: Town) -> None:
    base = town.file()
    documents.send_back(town.hub, base, "Trang 1 mờ.", "mau")
    assert everywhere(town) == [set()] * 3 and state_of(town, base).reason == "Trang 1 mờ."
    assert town.file(draft("khác")) == "H26.1.23_QĐ_000002"


def test_a_fault_of_signing_is_written_down_and_the_document_waits(town: Town) -> None:
    base = town.file()
    documents.accept(town.hub, base, COMPLETE, "mau")
    (name,) = everywhere(town)[0]
    kept = {folder: (folder / "documents" / name).read_bytes() for folder in (town.hub.config.data_dir, *town.backups)}
    for folder in kept:
        (folder / "documents" / name).unlink()
    assert town.queue.sign_next() and not town.queue.sign_next()
    assert "No sound copy" in state_of(town, base).last_fault
    (town.backups[1] / "documents" / name).write_bytes(kept[town.backups[1]])
    town.clock.advance(121)
    assert town.queue.sign_next() and state_of(town, base).state == DocumentState.SIGNED


def test_put_makes_the_next_version_and_the_database_keeps_the_old_one(town: Town) -> None:
    base = town.file()
    file = signed(town, base)
    changed = json.loads(msgspec.json.encode(COMPLETE)) | {"Keyword": "nghỉ hưu"}
    answer = town.call("PUT", f"/documents/{base}_V1", json=changed)
    assert answer.status_code == 200 and answer.json()["DocCode"] == f"{base}_V2"
    assert town.call("PUT", f"/documents/{base}_V1", json=changed).json()["code"] == "DOCUMENT_SUPERSEDED"
    assert town.call("GET", f"/documents/{base}_V1").json()["Keyword"] == ""
    assert town.call("GET", f"/documents/{base}_V2").json()["Keyword"] == "nghỉ hưu"
    again = town.call("GET", f"/documents/download/{base}_V2")
    assert again.content == file
    assert "H26.1.23_Q%C4%90_000001_V2_20261123_QuyetDinh.pdf" in again.headers["content-disposition"]
    with pytest.raises(DatabaseError, match="permanent"), town.hub.database.writing() as session:
        session.execute(update(DocumentVersion).values(body=b"{}"))


@pytest.mark.parametrize(
    ("method", "path", "token", "status"),
    [
        ("GET", f"/documents/{CODE}_V1", "", 401),
        ("GET", f"/documents/{CODE}_V1", "x" * 40, 401),
        ("PUT", f"/documents/{CODE}_V1", READERS_TOKEN, 403),
        ("POST", "/documents/import", READERS_TOKEN, 403),
        ("GET", f"/documents/{CODE}_V9", READERS_TOKEN, 404),
        ("GET", "/documents/download/whatever", READERS_TOKEN, 404),
    ],
)
def test_the_services_are_for_connected_systems_each_within_its_permits(
    town: Town, method: str, path: str, token: str, status: int
) -> None:
    town.file()
    assert town.call(method, path, token=token).status_code == status


def test_a_system_brings_a_document_in_and_gets_it_back_as_it_came(town: Town) -> None:
    metadata = msgspec.json.encode(COMPLETE).decode()
    form = {"metadata": (None, metadata), "type": (None, "CV"), "file": ("a.pdf", draft(), "application/pdf")}
    answer = town.call("POST", "/documents/import", files=form)
    assert answer.status_code == 201 and answer.json() == {"DocCode": "H26.1.23_CV_000001_V1"}
    assert town.call("GET", "/documents/download/H26.1.23_CV_000001_V1").content == draft()
    assert (
        town.call("GET", "/documents/H26.1.23_CV_000001_V1", token=READERS_TOKEN).json()["IssuedDate"] == "2026-03-04"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("metadata", msgspec.json.encode(msgspec.structs.replace(COMPLETE, subject="")).decode()),
        ("metadata", msgspec.json.encode(msgspec.structs.replace(COMPLETE, doc_code="A_CV_000001_V1")).decode()),
        ("metadata", '{"Nonsense": 1}'),
        ("type", "../x"),
        ("file", b"no PDF"),
    ],
)
def test_a_document_that_is_not_whole_takes_no_number(town: Town, field: str, value: object) -> None:
    form: dict[str, object] = {
        "metadata": (None, msgspec.json.encode(COMPLETE).decode()),
        "type": (None, "CV"),
        "file": ("a.pdf", draft(), "application/pdf"),
    }
    form[field] = ("a.pdf", value, "application/pdf") if field == "file" else (None, value)
    answer = town.call("POST", "/documents/import", files=form)
    assert (answer.status_code, answer.json()["code"]) == (422, "DOCUMENT_MALFORMED")
    with town.hub.database.reading() as session:
        assert session.scalars(select(DocumentRow)).all() == []


def test_every_reading_and_change_is_in_the_audit_trail(town: Town) -> None:
    base = town.file()
    town.call("GET", f"/documents/{base}_V1", token=READERS_TOKEN)
    signed(town, base)
    with town.hub.database.reading() as session:
        told = [(row.who, row.what) for row in session.scalars(select(AuditRow).order_by(AuditRow.seq))]
    assert told[-5:] == [
        ("tram-01", "DOCUMENT_FILED"),
        ("doc", "DOCUMENT_READ"),
        ("mau", "DOCUMENT_ACCEPTED"),
        ("hub", "DOCUMENT_SIGNED"),
        ("kho", "DOCUMENT_READ"),
    ]


def test_the_receipt_gives_the_dossier_out_once_and_only_when_it_is_signed(town: Town, tmp_path: Path) -> None:
    base = town.file()
    form = {"dossier": town.dossier, "secret": SECRET}
    assert town.web.post("/api/v1/dossiers/reuse", json=form).json()["code"] == "DOCUMENT_NOT_READY"
    content = signed(town, base)
    assert town.web.post("/api/v1/dossiers/reuse", json=form | {"secret": "B" * 40}).status_code == 403
    given = town.web.post("/api/v1/dossiers/reuse", json=form)
    assert given.status_code == 200
    with zipfile.ZipFile(io.BytesIO(given.content)) as packed:
        packed.extractall(tmp_path)
    subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / f"{base}_V1_20261123_QuyetDinh.pdf").read_bytes() == content
    assert json.loads((tmp_path / f"{base}_V1.json").read_text())["DocCode"] == f"{base}_V1"
    assert json.loads((tmp_path / "dossier.json").read_text())["procedure"] == "1.001193"
    assert town.web.post("/api/v1/dossiers/reuse", json=form).status_code == 410


def test_the_officers_page_shows_the_scan_and_takes_the_decision(town: Town) -> None:
    base = town.file()
    token = town.web.post("/api/session", json={"login": "mau", "password": PASSWORD}).json()["token"]
    as_officer = {"Authorization": f"Bearer {token}"}
    page = town.web.get("/console/digitised", headers=as_officer).text
    assert base in page and "Đăng ký khai sinh" in page and "Về việc nghỉ hưu" in page
    paper = town.web.get(f"/console/digitised/{base}", headers=as_officer).text
    assert f"{base}_V1" in paper and "UBND phường Mẫu" in paper and "04/03/2026" in paper
    assert town.web.get(f"/api/digitised/{base}/pages/2.jpg", headers=as_officer).status_code == 404
    scan = town.web.get(f"/api/digitised/{base}/scan.pdf", headers=as_officer)
    assert scan.content == draft()
    body = msgspec.json.encode(COMPLETE)
    assert town.web.post(f"/api/digitised/{base}/acceptance", content=body, headers=as_officer).status_code == 201
    assert state_of(town, base).accepted_by == "mau"
    again = town.web.post(f"/api/digitised/{base}/return", json={"reason": "Mờ quá"}, headers=as_officer)
    assert again.status_code == 409
    assert town.web.get(f"/console/digitised/{base}", headers=as_officer).status_code == 409
