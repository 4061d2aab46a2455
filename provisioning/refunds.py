"""`tram cash refunds` and `refund`: transfers without a copy, on the hub's list until a person gives them back.

No program may send money from the agency's account; what it can do is name what is to go back, and record who did.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
import httpx
from rich.console import Console
from rich.table import Table

from contract.clock import vietnam_text
from provisioning.answers import told

WITHIN_S = 30.0
_HUB = click.option("--hub", envvar="TRAM_HUB", required=True, help="The hub's address, https://…")
_LOGIN = click.option("--login", prompt="Login", envvar="TRAM_LOGIN", help="Your account at the hub.")
_PASSWORD = click.option(
    "--password", prompt="Password", hide_input=True, envvar="TRAM_PASSWORD", help="Better left out: it is asked for."
)
_CODE = click.option("--code", default="", help="The authenticator's code, where your account has one.")
_WHY = {
    "UNKNOWN_REFERENCE": "names no order of a kiosk",
    "NOT_TAKEN": "came when its order was over",
    "KIOSK_SILENT": "its kiosk does not answer; look there first",
}


@click.command()
@_HUB
@_LOGIN
@_PASSWORD
@_CODE
def refunds(hub: str, login: str, password: str, code: str) -> None:
    """List the transfers that a person has to give back, oldest first; exit 1 where there are some."""
    with _logged_in(hub, login, password, code) as client:
        waiting = told(client.get("/api/refunds"))
    table = Table(title="Transfers to give back", title_justify="left")
    for heading in ("transaction", "booked", "kiosk", "why", "the payer's words"):
        table.add_column(heading)
    table.add_column("amount", justify="right")
    for each in waiting:
        booked = vietnam_text(datetime.fromisoformat(each["booked_at"]))
        amount = f"{each['amount_vnd']:,} đ"
        table.add_row(each["transaction"], booked, each["kiosk"], _WHY[each["why"]], each["memo"], amount)
    if waiting:
        Console().print(table)
        click.echo("Give it back at the bank or the counter, then: tram cash refund TRANSACTION --how …")
    else:
        click.echo("No transfer is to be given back.")
    sys.exit(1 if waiting else 0)


@click.command()
@_HUB
@_LOGIN
@_PASSWORD
@_CODE
@click.argument("transaction")
@click.option("--how", required=True, help="By which transfer, voucher or receipt.")
def refund(hub: str, login: str, password: str, code: str, transaction: str, how: str) -> None:
    """Record that you have given a transfer back; the hub's books keep your name and how."""
    with _logged_in(hub, login, password, code) as client:
        told(client.post(f"/api/refunds/{transaction}", json={"how": how}))
    click.echo(f"Recorded: the transfer {transaction} was given back by {login} ({how}).")


@contextmanager
def _logged_in(hub: str, login: str, password: str, code: str) -> Iterator[httpx.Client]:
    try:
        with httpx.Client(base_url=hub, timeout=WITHIN_S) as client:
            answer = client.post("/api/session", json={"login": login, "password": password, "code": code})
            client.headers["Authorization"] = f"Bearer {told(answer)['token']}"
            yield client
    except httpx.HTTPError as fault:
        raise SystemExit(f"The hub at {hub} does not answer: {fault}. Check its address and the network.") from fault
