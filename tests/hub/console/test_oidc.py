"""Login through a real OpenID Connect provider on this machine (oidc-provider-mock: authlib's own server side)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import oidc_provider_mock
import pytest
from fastapi.testclient import TestClient
from hub_doubles import KeysDouble, opened

from contract.clock import SimulatedClock, SystemClock
from hub.config import HubConfig
from hub.console.access import COOKIE
from hub.console.app import create_app
from hub.console.settings import ConsoleConfig, OidcConfig
from hub.rooms import Hub
from hub.roster import Role
from hub.store.tables import Officer

BASE = "https://console.test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    hub: Hub
    browser: TestClient
    issuer: str

    def user(self, login: str, *groups: str) -> None:
        claims = {"preferred_username": login, "name": "Người Dùng Mẫu", "roles": list(groups)}
        httpx.put(f"{self.issuer}/users/{login}", json=claims).raise_for_status()

    def through(self, login: str) -> str:
        """Log in at the provider as `login`; return where the browser is sent back to."""
        out = self.browser.get("/console/oidc/login").headers["location"]
        assert "code_challenge_method=S256" in out
        back = httpx.post(out, data={"sub": login}).headers["location"]
        return f"{urlsplit(back).path}?{urlsplit(back).query}"

    def enter(self, login: str) -> str:
        """Log in and return where the console sends the browser then."""
        return self.browser.get(self.through(login)).headers["location"]


@pytest.fixture
def setting(config: HubConfig, tmp_path: Path) -> Iterator[Setting]:
    secret = tmp_path / "secret"
    secret.write_text("geheim")
    with oidc_provider_mock.run_server_in_thread(require_nonce=True) as server:
        issuer = f"http://localhost:{server.server_port}"
        oidc = OidcConfig(
            issuer=issuer,
            client_id="tram",
            client_secret_file=secret,
            redirect_uri=f"{BASE}/console/oidc/return",
            roles={"chung-thuc": Role.CERTIFIER, "kiem-tra": Role.AUDITOR, "tiep-nhan": Role.INTAKE},
        )
        console = ConsoleConfig(second_factor=True, oidc=oidc)
        hub = opened(msgspec.structs.replace(config, console=console), SystemClock())  # type: ignore[arg-type]
        with TestClient(create_app(hub, lambda: b"{}", KeysDouble()), base_url=BASE, follow_redirects=False) as browser:
            yield Setting(hub=hub, browser=browser, issuer=issuer)
        hub.database.close()


def test_certifier_of_the_roster_enters_without_a_password_or_code_here(setting: Setting) -> None:
    setting.user("mau", "nhan-vien", "chung-thuc")
    assert setting.enter("mau") == "/console"
    assert setting.browser.get("/console/queue").status_code == 200


def test_auditor_unknown_so_far_is_entered_with_the_role_of_the_group(setting: Setting) -> None:
    setting.user("kiemtra1", "kiem-tra")
    assert setting.enter("kiemtra1") == "/console"
    assert setting.browser.get("/console").headers["location"] == "/console/register"
    with setting.hub.database.reading() as session:
        known = session.get_one(Officer, "kiemtra1")
    assert (known.role, known.password_hash) == (Role.AUDITOR, "")


@pytest.mark.parametrize(
    ("login", "groups"),
    [("mau", ()), ("mau", ("kiem-tra",)), ("moi", ("chung-thuc",)), ("nhan", ("chung-thuc",))],
    ids=["no group", "another role than the roster's", "certifier not on the roster", "intake officer as certifier"],
)
def test_provider_alone_makes_nobody_what_the_roster_does_not(
    setting: Setting, login: str, groups: tuple[str, ...]
) -> None:
    setting.user(login, *groups)
    assert setting.enter(login) == "/console/login?why=refused"
    assert COOKIE not in setting.browser.cookies


def test_return_that_this_browser_did_not_begin_is_refused(setting: Setting) -> None:
    setting.user("mau", "chung-thuc")
    back = setting.through("mau")
    setting.browser.cookies.clear()
    assert setting.browser.get(back).headers["location"] == "/console/login?why=refused"


def test_code_is_good_for_one_login(setting: Setting) -> None:
    setting.user("mau", "chung-thuc")
    back = setting.through("mau")
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert setting.browser.get(back).headers["location"] == "/console"
    setting.browser.cookies.set("__Host-tram-oidc", state, domain="console.test")
    assert setting.browser.get(back).headers["location"] == "/console/login?why=refused"


def test_statement_for_another_client_or_signed_by_another_key_is_not_believed(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting.user("mau", "chung-thuc")
    with oidc_provider_mock.run_server_in_thread() as other:
        foreign = httpx.get(f"http://localhost:{other.server_port}/jwks").json()
        back = setting.through("mau")
        from hub.console import oidc

        real = oidc._asked
        monkeypatch.setattr(oidc, "_asked", lambda *a, **k: foreign if a[1].endswith("/jwks") else real(*a, **k))
        assert setting.browser.get(back).headers["location"] == "/console/login?why=refused"


def test_provider_that_is_away_is_said_and_nothing_breaks(config: HubConfig, clock: SimulatedClock) -> None:
    oidc = OidcConfig(
        issuer="http://127.0.0.1:9", client_id="x", client_secret_file=Path("x"), redirect_uri=BASE, roles={}
    )
    hub = opened(msgspec.structs.replace(config, console=ConsoleConfig(oidc=oidc)), clock)
    with TestClient(create_app(hub, lambda: b"{}", KeysDouble()), base_url=BASE, follow_redirects=False) as browser:
        assert browser.get("/console/oidc/login").headers["location"] == "/console/login?why=refused"
        assert "tài khoản cơ quan" in browser.get("/console/login?why=refused").text
    hub.database.close()
