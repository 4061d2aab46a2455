"""`tram catalogue`: a key, a package that a kiosk takes, and the hub that hands it out."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from agent.catalogue.shelf import Shelf
from contract.catalogue import PROCEDURES, own, unpacked
from contract.note import LogKey
from provisioning.catalogue import catalogue

ROW = {
    "ma_thu_tuc": "1.999999",
    "ten_thu_tuc": "Thủ tục  đăng ký mẫu",
    "linh_vuc": "Lĩnh vực mẫu",
    "so_quyet_dinh": "1/QĐ-MAU",
    "co_quan_co_tham_quyen": "",
    "co_quan_thuc_hien": "UBND cấp xã",
    "cach_thuc_thuc_hien": "Hình thức nộpThời gianPhí, lệ phíMô tảTrực tiếp3 Ngày làm việc5,000 Việt Nam Đồng(…)Nộp.",
    "thanh_phan_ho_so": "Tên giấy tờMẫu đơn, tờ khaiSố lượngTờ khai mẫu1 bản chính- Bản vẽ mẫu1 bản chính,1 bản sao",
    "can_cu_phap_ly": "Nghị định về mẫu12/2025/NĐ-CPThông tư 3/2024/TT-BTP",
}


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(catalogue, [str(word) for word in words])


@pytest.fixture
def public(tmp_path: Path) -> str:
    made = run("key", tmp_path / "key.pem", "--name", "tram.example.vn")
    assert made.exit_code == 0 and (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    return made.output.strip()


def built(folder: Path, source: Path, *more: str) -> Result:
    return run("build", source, "--key", folder / "key.pem", "--name", "tram.example.vn", "--out", folder / "p", *more)


def test_a_key_is_made_once(tmp_path: Path, public: str) -> None:
    assert LogKey.parse(public).name == "tram.example.vn/catalogue"
    again = run("key", tmp_path / "key.pem")
    assert again.exit_code == 1 and "there already" in again.output


def test_what_is_built_from_the_programs_folder_a_kiosk_takes(tmp_path: Path, public: str) -> None:
    made = built(tmp_path, PROCEDURES, "--number", "4")
    assert made.exit_code == 0 and f"{len(own().procedure)} procedures" in made.output
    taken = Shelf(tmp_path / "kiosk", LogKey.parse(public)).take((tmp_path / "p").read_bytes())
    assert taken.version == 4 and taken.procedure == own().procedure


def test_a_crawl_is_cut_into_papers_fee_time_and_law_and_own_words_are_kept(tmp_path: Path, public: str) -> None:
    known = ROW | {"ma_thu_tuc": "2.000815", "ten_thu_tuc": "Chứng thực"}
    source = tmp_path / "crawl.jsonl"
    source.write_text("\n".join(json.dumps(each) for each in (ROW, known)), encoding="utf-8")
    assert built(tmp_path, source, "--number", "2").exit_code == 0
    made = unpacked((tmp_path / "p").read_bytes())
    new = made.find("1.999999")
    assert new and made.find("2.000815") == own().find("2.000815")
    assert (new.short, new.name) == ("Đăng ký mẫu", "Thủ tục đăng ký mẫu")
    assert new.bring == ("Tờ khai mẫu", "Bản vẽ mẫu")
    assert (new.fee, new.time) == ("Trực tiếp: 5,000 Việt Nam Đồng", "Trực tiếp: 3 Ngày làm việc")
    assert (new.decided_by, new.basis) == ("UBND cấp xã", ("12/2025/NĐ-CP", "3/2024/TT-BTP"))
    assert built(tmp_path, source, "--number", "3", "--official").exit_code == 0
    official = unpacked((tmp_path / "p").read_bytes()).find("2.000815")
    assert official and official.short == "Chứng thực"


@pytest.mark.parametrize("content", ["{}", "[1]", "no json", '{"ma_thu_tuc": "x"}'])
def test_a_file_that_is_no_crawl_is_said_to_be_none(tmp_path: Path, public: str, content: str) -> None:
    (tmp_path / "crawl.jsonl").write_text(content)
    failed = built(tmp_path, tmp_path / "crawl.jsonl", "--number", "2")
    assert failed.exit_code == 1 and "not such a crawl" in failed.output and not (tmp_path / "p").exists()


def test_the_hub_hands_out_what_was_published_and_refuses_another_key(tmp_path: Path, public: str) -> None:
    config = tmp_path / "hub.toml"
    config.write_text(
        f'data_dir = "{tmp_path}"\nverify_base_url = "https://tram.example.vn/v"\n'
        '[agency]\nname = "Mẫu"\ncode = "H26.1"\nplace = "Hà Nội"\nprovince = "Hà Nội"\n'
        '[mqtt]\nhost = "127.0.0.1"\nport = 8883\nca = "a"\ncert = "b"\nkey = "c"\n'
    )
    assert built(tmp_path, PROCEDURES, "--number", "2").exit_code == 0
    other = run("key", tmp_path / "other.pem", "--name", "tram.example.vn").output.strip()
    refused = run("publish", tmp_path / "p", "--signed-by", other, "--config", config)
    assert refused.exit_code == 1 and "not signed" in refused.output
    done = run("publish", tmp_path / "p", "--signed-by", public, "--config", config)
    assert done.exit_code == 0, done.output
    assert (tmp_path / "catalogue.json").read_bytes() == (tmp_path / "p").read_bytes()
