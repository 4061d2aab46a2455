"""Login through an OpenID Connect provider: authorization code with PKCE (OpenID Connect Core 1.0, RFC 7636).

The provider says who it is and in which groups; [console.oidc.roles] gives a group its role. Whoever stands on the
roster keeps the roster's role, and the provider must agree; a certifier is never made by the provider alone (R2).
"""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from sqlalchemy import delete

from contract.ids import sha256_hex
from hub.console import sessions
from hub.console.sessions import Login
from hub.console.settings import OidcConfig
from hub.faults import ProviderRefused, UnknownThing
from hub.rooms import Hub
from hub.roster import Role
from hub.store import audit
from hub.store.tables import Officer, OidcLogin

TAKES_AT_MOST = timedelta(minutes=10)
_ANSWERS_WITHIN_S = 8.0
_LEEWAY_S = 60
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """Where to send the browser, and the state that its cookie must bring back."""

    address: str
    state: str


def begin(hub: Hub) -> Started:
    """Remember a login on its way and return where it goes; raise UnknownThing, ProviderRefused."""
    oidc = _config(hub)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    address = str(_discovered(oidc)["authorization_endpoint"])
    now = hub.clock.now()
    row = OidcLogin(
        state_sha256=sha256_hex(state.encode()), nonce=nonce, verifier=verifier, expires_at=now + TAKES_AT_MOST
    )
    with hub.database.writing() as session:
        session.execute(delete(OidcLogin).where(OidcLogin.expires_at <= now))
        session.add(row)
    asked = {
        "response_type": "code",
        "client_id": oidc.client_id,
        "redirect_uri": oidc.redirect_uri,
        "scope": "openid profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": _challenge(verifier),
        "code_challenge_method": "S256",
    }
    return Started(address=f"{address}?{urlencode(asked)}", state=state)


def finish(hub: Hub, state: str, code: str) -> Login:
    """Return a session for whom the provider's code stands for, once; raise ProviderRefused."""
    oidc = _config(hub)
    with hub.database.writing() as session:
        begun = session.get(OidcLogin, sha256_hex(state.encode()))
        if begun is None or begun.expires_at <= hub.clock.now():
            raise ProviderRefused("This login was not begun here, or too long ago.")
        session.delete(begun)
    claims = _claims(hub, oidc, code, begun)
    return sessions.open_for(hub, _officer(hub, oidc, claims), via=sessions.BY_PROVIDER)


def _claims(hub: Hub, oidc: OidcConfig, code: str, begun: OidcLogin) -> Mapping[str, Any]:
    provider = _discovered(oidc)
    told = _asked(
        "POST",
        str(provider["token_endpoint"]),
        auth=(oidc.client_id, oidc.client_secret_file.read_text(encoding="utf-8").strip()),
        data={
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": oidc.redirect_uri,
            "code_verifier": begun.verifier,
        },
    )
    keys = _asked("GET", str(provider["jwks_uri"]))
    try:
        token = jwt.decode(str(told.get("id_token", "")), KeySet.import_key_set(keys), algorithms=_ALGORITHMS)  # type: ignore[arg-type]
        _registry(hub, oidc, begun).validate(token.claims)
    except (JoseError, ValueError) as fault:
        raise ProviderRefused(f"The provider's statement can't be believed ({type(fault).__name__}).") from fault
    return token.claims


def _registry(hub: Hub, oidc: OidcConfig, begun: OidcLogin) -> jwt.JWTClaimsRegistry:
    return jwt.JWTClaimsRegistry(
        now=int(hub.clock.now().timestamp()),
        leeway=_LEEWAY_S,
        iss={"essential": True, "value": oidc.issuer},
        aud={"essential": True, "value": oidc.client_id},
        exp={"essential": True},
        nonce={"essential": True, "value": begun.nonce},
    )


def _officer(hub: Hub, oidc: OidcConfig, claims: Mapping[str, Any]) -> Officer:
    login = str(claims.get(oidc.login_claim, ""))
    groups = claims.get(oidc.roles_claim, [])
    groups = [groups] if isinstance(groups, str) else groups
    role = next((oidc.roles[group] for group in groups if group in oidc.roles), None)
    if not login or role is None:
        raise ProviderRefused("The provider names no login, or no group that has a role here.")
    with hub.database.writing() as session:
        officer = session.get(Officer, login)
        if officer is None and role is not Role.CERTIFIER:
            officer = _newcomer(login, str(claims.get("name") or login), role)
            session.add(officer)
            act = audit.Act.OFFICER_ENTERED
            audit.append(session, at=hub.clock.now(), who="oidc", what=act, subject=login)
        elif officer is not None and not officer.password_hash and role is not Role.CERTIFIER:
            officer.role = role
    if officer is None or officer.role != role:
        raise ProviderRefused(f"The provider gives the role {role}, the roster of this hub does not.")
    return officer


def _newcomer(login: str, name: str, role: Role) -> Officer:
    return Officer(login=login, password_hash="", name=name[:200], title="", role=role, authority_document="")


def _config(hub: Hub) -> OidcConfig:
    oidc = hub.config.console.oidc
    if oidc is None:
        raise UnknownThing("This hub knows no OpenID Connect provider ([console.oidc]).")
    return oidc


def _discovered(oidc: OidcConfig) -> Mapping[str, Any]:
    found = _asked("GET", f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration")
    if found.get("issuer") != oidc.issuer:
        raise ProviderRefused(f"The provider calls itself {str(found.get('issuer'))[:200]}, not {oidc.issuer}.")
    return found


def _asked(method: str, address: str, **options: Any) -> Mapping[str, Any]:
    try:
        answer = httpx.request(method, address, timeout=_ANSWERS_WITHIN_S, **options).raise_for_status()
        body: Mapping[str, Any] = answer.json()
    except (httpx.HTTPError, ValueError) as fault:
        raise ProviderRefused(f"The provider does not answer as it should ({type(fault).__name__}).") from fault
    return body


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
