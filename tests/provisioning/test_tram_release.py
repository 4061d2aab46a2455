"""`tram release` and `tram update`: a publisher's whole way by commands, to a kiosk that believes and tells."""

import sysconfig
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result

from agent.ledger.schema import WORKS_FROM
from agent.update.fetching import Wire
from agent.update.progress import Distrust, Phase, Record
from agent.update.releases import Releases
from contract.clock import SystemClock
from provisioning.release import release
from provisioning.update import NO_ROOT, update
from tests.prove.update import program
from tests.prove.update.mirror import Mirror
from tests.prove.update.program import Manner

SECRET = {"TRAM_KEY_PASSPHRASE": "a long secret of the publisher"}
PLATFORM = sysconfig.get_platform()


def run(*words: str | Path, env: dict[str, str] = SECRET) -> Result:
    return CliRunner().invoke(release, [str(word) for word in words], env=env)


class Desk:
    """A publisher's machine."""

    def __init__(self, folder: Path) -> None:
        self.repository, self.keys = folder / "repository", folder
        for name in ("r1", "r2", "r3", "t", "o"):
            assert run("key", folder / name).exit_code == 0

    def signing(self) -> tuple[str | Path, ...]:
        return ("--key", self.keys / "t", "--online", self.keys / "o")

    def new_root(self, *signers: str) -> Result:
        public = [word for name in ("r1", "r2", "r3") for word in ("--root", self.keys / f"{name}.pub")]
        others = ("--targets", self.keys / "t.pub", "--online", self.keys / "o.pub")
        drawn = run("root", "new", self.repository, *public, *others)
        assert drawn.exit_code == 0 and "to be signed" in drawn.output
        for name in signers:
            run("root", "sign", self.repository / "root.proposed.json", "--key", self.keys / name)
        return run("root", "accept", self.repository)

    def publish(self, version: str, number: int) -> Result:
        parts = {}
        for kind, (name, content) in (("app", program.app(version, Manner.GOOD)), ("wheels", program.package())):
            parts[kind] = self.keys / kind / name
            parts[kind].parent.mkdir(exist_ok=True)
            parts[kind].write_bytes(content)
        return run(
            "publish", self.repository, "--app", parts["app"], "--wheels", self.keys / "wheels", "--number",
            str(number), *self.signing(),
        )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_from_keys_to_a_release_that_a_kiosk_finds(desk: Desk, tmp_path: Path) -> None:
    accepted = desk.new_root("r1", "r3")
    assert accepted.exit_code == 0 and "Root 1 is in force" in accepted.output
    assert desk.publish("1.1", 1).output == f"1.1 for {PLATFORM}: 7 files, 1 packages.\n"
    assert desk.publish("1.2", 2).exit_code == 0
    listed = run("list", desk.repository).output.split()
    assert listed == ["1", f"{PLATFORM}/1.1/release.json.gz", "2", f"{PLATFORM}/1.2/release.json.gz"]
    assert run("withdraw", desk.repository, "1.1", *desk.signing()).exit_code == 0
    assert run("renew", desk.repository, "--online", desk.keys / "o").exit_code == 0
    assert run("resign", desk.repository, *desk.signing()).exit_code == 0
    served = Mirror(folder=desk.repository).serve()
    try:
        with httpx.Client() as client:
            root = (desk.repository / "metadata" / "1.root.json").read_bytes()
            releases = Releases(Wire(served.url, client, SystemClock()), tmp_path / "seen", root)
            releases.refresh()
            assert releases.find("1.2").number == 2
    finally:
        served.close()


def test_what_people_must_sign_soon_is_told_at_each_renewal(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.new_root("r1", "r2")
    desk.publish("1.1", 1)
    assert run("renew", desk.repository, "--online", desk.keys / "o").stderr == ""
    now = SystemClock().now() + timedelta(days=140)
    monkeypatch.setattr(SystemClock, "now", lambda _: now)
    told = run("renew", desk.repository, "--online", desk.keys / "o")
    assert told.exit_code == 0 and told.stderr.startswith("targets is good to ") and "resign" in told.stderr


def test_what_is_wrong_is_said_in_one_line(desk: Desk) -> None:
    lacks = desk.new_root("r1")
    assert lacks.exit_code == 1 and "lacks signatures" in lacks.output
    assert desk.new_root("r1", "r2").exit_code == 0 and desk.publish("1.1", 7).exit_code == 0
    lower = desk.publish("1.2", 7)
    assert lower.exit_code == 1 and "a higher number" in lower.output
    again = run("key", desk.keys / "t")
    assert again.exit_code == 1 and "never written over" in again.output
    locked = run("renew", desk.repository, "--online", desk.keys / "o", env={"TRAM_KEY_PASSPHRASE": "wrong"})
    assert locked.exit_code == 1 and "can't be opened" in locked.output
    no_root = run("root", "sign", desk.keys / "r1.pub", "--key", desk.keys / "r1")
    assert no_root.exit_code == 1 and "can't be read" in no_root.output
    for each in (lacks, lower, again, locked, no_root):
        assert each.output.count("\n") == 1


def test_weights_of_this_program_are_as_listed() -> None:
    checked = CliRunner().invoke(update, ["self-check"])
    assert checked.exit_code == 0 and "weights are as listed" in checked.output


def test_version_that_could_not_be_given_back_refuses_to_be_tried() -> None:
    refused = CliRunner().invoke(update, ["self-check", "--ledger", str(WORKS_FROM - 1)])
    assert refused.exit_code == 1 and "in two steps" in refused.output


def kiosk_toml(folder: Path, updates: str) -> Path:
    path = folder / "kiosk.toml"
    pem = 'ca = "ca.pem"\ncertificate = "k.pem"\nkey = "k.key"\n'
    path.write_text(
        '[kiosk]\nid = "k-1"\nsite = "Nơi"\nprovince = "Hà Nội"\nfolder = "data"\nlegal_mode = "PREPARE_ONLY"\n'
        'presented = "KIOSK_BED_CAMERA"\npays_by_transfer = true\n[scanner]\nclass = "x.Y"\n[printer]\nclass = "x.Y"\n'
        f'[hub]\nhost = "h"\npublic_url = "https://h"\n{pem}{updates}',
        encoding="utf-8",
    )
    return path


def test_status_says_what_runs_where_and_why_a_version_is_not_tried_again(tmp_path: Path) -> None:
    updates = '[updates]\nurl = "https://h/updates/"\nroot = "opt"\nfolder = "var"\ntrusted_root = "root.json"\n'
    path = kiosk_toml(tmp_path, updates)
    for name in ("a", "b"):
        (tmp_path / "opt" / "slots" / name).mkdir(parents=True)
    (tmp_path / "opt" / "slots" / "a" / "VERSION").write_text("1.4.1\n")
    for link in ("current", "kept"):
        (tmp_path / "opt" / link).symlink_to("slots/a")
    (tmp_path / "var").mkdir()
    record = Record(tmp_path / "var" / "state.json")
    record.note(phase=Phase.RETURNED, version="1.4.2", detail="given back", bad={"1.4.2": "it does not answer"})
    assert status_of(path) == [
        "slot a   1.4.1        runs, kept",
        "slot b   not whole",
        "update 1.4.2   returned: given back",
        f"repository   {NO_ROOT.format(tmp_path / 'root.json')}",
        "not again   1.4.2: it does not answer",
    ]
    (tmp_path / "root.json").write_text("{}")
    assert status_of(path)[3] == "repository   https://h/updates/, never seen in order"
    record.note(distrust=Distrust(cause="the metadata have expired", remedy="Tell the publisher."))
    assert status_of(path)[3] == "repository   the metadata have expired; never seen in order. Tell the publisher."
    record.note(distrust=None, seen_at=datetime(2026, 11, 28, 6, tzinfo=UTC))
    assert status_of(path)[3] == "repository   https://h/updates/, seen in order at 28/11/2026 13:00"


def status_of(path: Path) -> list[str]:
    return CliRunner().invoke(update, ["status", "--config", str(path)]).output.splitlines()


def test_kiosk_without_updates_or_without_a_root_is_told_what_to_do(tmp_path: Path) -> None:
    without = CliRunner().invoke(update, ["run", "--config", str(kiosk_toml(tmp_path, ""))])
    assert "no [updates] with the url" in without.output
    path = kiosk_toml(tmp_path, '[updates]\nurl = "https://h/updates/"\ntrusted_root = "none.json"\nroot = "."\n')
    rootless = CliRunner().invoke(update, ["run", "--config", str(path)])
    assert rootless.exit_code == 1 and "package brings no publisher's root" in rootless.output
    (tmp_path / "metadata").mkdir()
    (tmp_path / "metadata" / "timestamp.json").touch()
    by_hand = CliRunner().invoke(update, ["--from", str(tmp_path), "--config", str(path)])
    assert by_hand.exit_code == 1 and "make deb" in by_hand.output
    assert max(map(len, by_hand.output.replace(str(tmp_path), "").splitlines())) <= 80


def test_the_root_for_a_package_is_shown_and_one_that_lacks_signatures_is_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.new_root("r1", "r2")
    shown = run("root", "show", desk.repository / "metadata" / "1.root.json")
    assert shown.exit_code == 0 and shown.output.startswith("Root 1: 2 of 3 sign it; to ")
    desk.new_root("r1")
    lacking = run("root", "show", desk.repository / "root.proposed.json")
    assert lacking.exit_code == 1 and "not signed by enough" in lacking.output
    other = run("root", "show", desk.keys / "r1.pub")
    assert other.exit_code == 1 and "is no root" in other.output
