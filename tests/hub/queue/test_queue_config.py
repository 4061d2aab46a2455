"""[queue] of hub.toml: what makes no sense is a fault at start."""

from pathlib import Path

import pytest

from hub import config as hub_config
from hub.faults import ConfigInvalid

HEAD = """
data_dir = "hub"
verify_base_url = "https://tram.example.vn/v"
agency = {name = "UBND phường Mẫu", code = "H26.1.23", place = "Hà Nội", province = "Hà Nội"}
mqtt = {host = "127.0.0.1", port = 1, ca = "ca", cert = "cert", key = "key"}
"""
SERVICE = """
[[queue.services]]
code = "CT"
vi = "Chứng thực"
en = "Certification"
letter = "C"
counters = ["1", "2"]
minutes = 6
places = 5
"""


def load(tmp_path: Path, queue: str) -> hub_config.HubConfig:
    path = tmp_path / "hub.toml"
    path.write_text(HEAD + queue)
    return hub_config.load(path)


def test_half_of_the_counters_time_is_the_most_that_can_be_booked(tmp_path: Path) -> None:
    assert load(tmp_path, SERVICE).queue.services[0].places == 5
    with pytest.raises(ConfigInvalid, match="more than half"):
        load(tmp_path, SERVICE.replace("places = 5", "places = 6"))


@pytest.mark.parametrize(
    ("queue", "said"),
    [
        (SERVICE + SERVICE.replace('"C"', '"D"'), "a code to two"),
        (SERVICE + SERVICE.replace('"CT"', '"CD"'), "a letter to two"),
        ('[queue]\nhours = ["13:30-17:00", "07:30-11:30"]', "follow each other"),
        ('[queue]\nhours = ["25:00-26:00"]', "hours"),
    ],
)
def test_what_makes_no_sense_is_named(tmp_path: Path, queue: str, said: str) -> None:
    with pytest.raises(ConfigInvalid, match=said):
        load(tmp_path, queue)
