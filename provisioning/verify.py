"""`tram verify`: check a certified copy, with or without network."""

import logging
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import click
import httpx
import msgspec

from contract.clock import SystemClock
from contract.messages import Standing
from hub.verify import bundle, judge, trust, words
from hub.verify.values import Verdict
from provisioning import trust_bundle
from provisioning.trust_bundle import Known

EXIT_CODES = {Standing.VALID: 0, Standing.INVALID: 1, Standing.UNKNOWN: 2}
TRUST_PLACES = (Path("build/demo/trust.json"), Path("var/up/trust.json"))
ONLINE_TIMEOUT_S = 5.0


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--trust", "named", type=click.Path(path_type=Path), help="The agency's trust.jws, or trust.json.")
@click.option("--anchor", default="", help="sha256:… of the root behind trust.jws; needed once, then remembered.")
@click.option("--offline", is_flag=True, help="Ask no network; annulments are those of the bundle.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole verdict as JSON.")
def verify(file: Path, named: Path | None, anchor: str, offline: bool, as_json: bool) -> None:
    """Check FILE: a signed PDF, or a photo, scan or print that shows the QR. Exit 0 valid, 1 invalid, 2 cannot tell."""
    try:
        data = file.read_bytes()
        known = _known(named, anchor)
    except (OSError, trust.TrustUnreadable) as fault:
        click.echo(f"Không mở được: {fault}", err=True)
        sys.exit(EXIT_CODES[Standing.UNKNOWN])
    logging.disable(logging.ERROR)  # the validator logs each doubtful certificate; the verdict says it in words
    current = known if offline or known is None else _refreshed(known)
    judged = judge.judge(data, current.trust if current else None)
    verdict = replace(judged, annulled_checked_online=current is not known)
    said = trust_bundle.remarks(current, SystemClock().now()) if current else []
    click.echo(_json(verdict, said) if as_json else "\n".join([*words.lines(verdict), *said]))
    sys.exit(EXIT_CODES[verdict.standing])


def _known(named: Path | None, anchor: str) -> Known | None:
    place = named or next((place for place in TRUST_PLACES if place.exists()), None)
    return trust_bundle.load(place, SystemClock().now(), anchor) if place else None


def _refreshed(known: Known) -> Known:
    """Return what is trusted with the agency's newest word, or the old where it is away or older than what we have.

    Under a pinned root only a bundle that is signed beneath it is listened to, and then taken whole. Of an unsigned one
    only the annulments are taken, under the anchors we already trust.
    """
    name = "trust.jws" if known.pin else "trust.json"
    try:
        answer = httpx.get(f"{_origin(known.trust)}/{name}", timeout=ONLINE_TIMEOUT_S).raise_for_status().content
        newest = bundle.opened(answer, known.pin, SystemClock().now()) if known.pin else trust.parse(answer)
    except (httpx.HTTPError, trust.TrustUnreadable):
        return known
    if newest.issued_at < known.trust.issued_at:
        return known
    if not known.pin:
        newest = msgspec.structs.replace(known.trust, annulled=newest.annulled, issued_at=newest.issued_at)
    return replace(known, trust=newest)


def _origin(trusted: trust.Trust) -> str:
    address = urlsplit(trusted.verify_base_url)
    return f"{address.scheme}://{address.netloc}".lower()


def _json(verdict: Verdict, remarks: list[str]) -> str:
    lines = list(words.lines(verdict))
    body = {"standing": verdict.standing, "lines": lines, "remarks": remarks, **msgspec.to_builtins(verdict)}
    return msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
