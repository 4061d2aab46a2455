"""`tram verify`: check a certified copy, with or without network."""

import logging
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click
import httpx
import msgspec

from hub.verify import judge, trust, words
from hub.verify.values import Standing, Verdict

EXIT_CODES = {Standing.VALID: 0, Standing.INVALID: 1, Standing.UNKNOWN: 2}
TRUST_PLACES = (Path("build/demo/trust.json"), Path("var/up/trust.json"))
ONLINE_TIMEOUT_S = 5.0


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--trust", "bundle", type=click.Path(path_type=Path), help="The agency's trust.json.")
@click.option("--offline", is_flag=True, help="Ask no network; annulments are those of the bundle.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole verdict as JSON.")
def verify(file: Path, bundle: Path | None, offline: bool, as_json: bool) -> None:
    """Check FILE: a signed PDF, or a photo, scan or print that shows the QR. Exit 0 valid, 1 invalid, 2 cannot tell."""
    try:
        data = file.read_bytes()
        trusted = _trust(bundle)
    except (OSError, trust.TrustUnreadable) as fault:
        click.echo(f"Không mở được: {fault}", err=True)
        sys.exit(EXIT_CODES[Standing.UNKNOWN])
    logging.disable(logging.ERROR)  # the validator logs each doubtful certificate; the verdict says it in words
    current = trusted if offline or trusted is None else _refreshed(trusted)
    verdict = replace(judge.judge(data, current), annulled_checked_online=current is not trusted)
    click.echo(_json(verdict) if as_json else "\n".join(words.lines(verdict)))
    sys.exit(EXIT_CODES[verdict.standing])


def _trust(named: Path | None) -> trust.Trust | None:
    place = named or next((place for place in TRUST_PLACES if place.exists()), None)
    return trust.load(place) if place else None


def _refreshed(trusted: trust.Trust) -> trust.Trust:
    """Return the agency's newest list of annulments under the anchors we already trust, or the old where it is away."""
    try:
        answer = httpx.get(f"{_origin(trusted)}/trust.json", timeout=ONLINE_TIMEOUT_S)
        newest = trust.parse(answer.raise_for_status().content)
    except (httpx.HTTPError, trust.TrustUnreadable):
        return trusted
    return msgspec.structs.replace(trusted, annulled=newest.annulled, issued_at=newest.issued_at)


def _origin(trusted: trust.Trust) -> str:
    address = urlsplit(trusted.verify_base_url)
    return f"{address.scheme}://{address.netloc}".lower()


def _json(verdict: Verdict) -> str:
    body = {"standing": verdict.standing, "lines": list(words.lines(verdict)), **msgspec.to_builtins(verdict)}
    return msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
