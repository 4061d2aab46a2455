"""`tram cash`: the collector's verbs. The account since the last collection, the collection, open money, a new PIN.

They speak to the running kiosk's local API, since only it can ask the devices what they hold.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
import httpx
from rich.console import Console
from rich.table import Table

from agent.config import load
from agent.journeys.pins import LEAST_DIGITS, hashed
from contract.clock import vietnam_text
from contract.messages import Found
from contract.settings import SettingsFault
from provisioning.answers import told
from provisioning.cash_words import BECAME, FOUND_HELP, OWED, WHY, difference, slip_sentence, standing
from provisioning.options import kiosk_file
from provisioning.refunds import refund, refunds

WITHIN_S = 60.0
_CONFIG = kiosk_file()
_COLLECTOR = click.option("--collector", prompt="Collector", envvar="TRAM_COLLECTOR", help="Your name in kiosk.toml.")
_PIN = click.option("--pin", prompt="PIN", hide_input=True, envvar="TRAM_PIN", help="Better left out: it is asked for.")
_TAKE_OUT = (
    "\nTake the cassette and the coin box out and empty them. Fill the change tubes. Put an empty cassette in and shut"
    " the door. Then press Enter"
)


@click.group()
def cash() -> None:
    """Close the kiosk's cash: report, collection, money that waits for a person, PIN."""


@cash.command()
@_CONFIG
@_COLLECTOR
@_PIN
def report(config: Path, collector: str, pin: str) -> None:
    """Show books beside machine since the last collection; exit 1 where they differ."""
    told = _told(config, "report", collector, pin)
    _show(f"{told['kiosk']}: cash since the last collection", told["report"], told["difference_vnd"])
    if told["visits_left"] is not None:
        click.echo(f"Change lasts for about {told['visits_left']} more visits like the last ones.")
    if (device := told["device"]) and device["remedy"]:
        click.echo(f"Cash devices: {device['detail']}. {device['remedy']}.")
    sys.exit(1 if told["difference_vnd"] else 0)


@cash.command()
@_CONFIG
@_COLLECTOR
@_PIN
@click.option("--yes", is_flag=True, help="The money is out already; do not wait for Enter.")
def close(config: Path, collector: str, pin: str, yes: bool) -> None:
    """Count, let the collector take the money out, and record it; exit 1 where books and machine differ.

    Broken off after the count, it goes on from there when it is called again.
    """
    begun = _told(config, "begin", collector, pin)
    title = f"Collection {begun['number']} by {begun['collector']}"
    _show(title, begun["report"], begun["difference_vnd"])
    if not yes:
        click.prompt(_TAKE_OUT, default="", show_default=False, prompt_suffix=". ")
    done = _told(config, "finish", collector, pin)
    closing = done["closing"]
    click.echo(f"Taken out: {_dong(closing['collected_vnd'])}. Left for change: {_dong(closing['left_vnd'])}.")
    click.echo(slip_sentence(done["slip"]))
    click.echo("The hub is told as soon as the kiosk is online.")
    sys.exit(1 if closing["difference_vnd"] else 0)


@cash.command()
@_CONFIG
@_COLLECTOR
@_PIN
def unsettled(config: Path, collector: str, pin: str) -> None:
    """List the money of which a person has to find out whose it is; exit 1 where there is some."""
    told = _told(config, "unsettled", collector, pin)
    table = Table(title=f"{told['kiosk']}: money that waits for a person", title_justify="left")
    for heading in ("visit", "since", "why"):
        table.add_column(heading)
    table.add_column("left", justify="right")
    for each in told["unsettled"]:
        why = "; ".join(f"{WHY[name]} ({_dong(amount_vnd)})" for name, amount_vnd in each["why"].items())
        owed = f"{OWED} ({_dong(each['owed_vnd'])})" if each["owed_vnd"] else ""
        since = vietnam_text(datetime.fromisoformat(each["since"]))
        table.add_row(each["visit"], since, "; ".join(filter(None, (why, owed))), _dong(each["left_vnd"]))
    if told["unsettled"]:
        Console().print(table)
        click.echo("Find out what became of it, then: tram cash settle VISIT --found … --reason …")
    else:
        click.echo("Nothing waits for a person.")
    sys.exit(1 if told["unsettled"] else 0)


@cash.command()
@_CONFIG
@_COLLECTOR
@_PIN
@click.argument("visit")
@click.option("--found", type=click.Choice([each.value for each in Found]), required=True, help=FOUND_HELP)
@click.option("--reason", required=True, help="How you know: the counter's receipt, the bank's statement, the count.")
@click.option("--amount", type=click.IntRange(1), help="In đồng, where it is not all that waits.")
def settle(config: Path, collector: str, pin: str, visit: str, found: str, reason: str, amount: int | None) -> None:
    """Book what became of a visit's unknown money; the books, the hub and the audit trail keep your name and reason."""
    done = _told(config, "settle", collector, pin, visit=visit, found=found, reason=reason, amount_vnd=amount)
    click.echo(f"Booked: {_dong(done['amount_vnd'])} of visit {done['visit']} {BECAME[done['found']]}.")
    click.echo("The hub is told as soon as the kiosk is online.")


@cash.command()
@click.option("--collector", prompt="Collector")
@click.option("--pin", prompt="New PIN", hide_input=True, confirmation_prompt=True)
def pin(collector: str, pin: str) -> None:
    """Print the lines of kiosk.toml that let a collector close the cash."""
    if len(pin) < LEAST_DIGITS:
        raise click.BadParameter(f"A PIN has at least {LEAST_DIGITS} digits.")
    name = collector.replace("\\", "").replace('"', "")
    click.echo(f'[[collectors]]\nname = "{name}"\npin = "{hashed(pin)}"')


cash.add_command(refunds)
cash.add_command(refund)


def _told(config: Path, deed: str, collector: str, pin: str, **more: object) -> Any:
    """Return the kiosk's answer; end with cause and remedy where it refuses or does not answer."""
    try:
        port = load(config).screen.port
        who = {"collector": collector, "pin": pin, **more}
        answer = httpx.post(f"http://127.0.0.1:{port}/cash/{deed}", json=who, timeout=WITHIN_S)
    except SettingsFault as fault:
        raise SystemExit(str(fault)) from fault
    except httpx.TransportError as fault:
        raise SystemExit(f"The kiosk's agent does not answer: {fault}. Start it, then call this again.") from fault
    return told(answer)


def _show(title: str, report: dict[str, Any], difference_vnd: int) -> None:
    table = Table(title=title, title_justify="left", show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for label, amount_vnd in _lines(report):
        table.add_row(label, _dong(amount_vnd))
    Console().print(table)
    for sentence in (*standing(report), difference(report, difference_vnd)):
        click.echo(sentence)


def _lines(report: dict[str, Any]) -> list[tuple[str, int]]:
    return [
        ("state fees earned", report["fee_vnd"]),
        ("print cost earned", report["print_vnd"]),
        ("postage earned", report["post_vnd"]),
        ("vouchers given", report["vouchers_given_vnd"]),
        ("vouchers taken", report["vouchers_taken_vnd"]),
        ("there from before", report["left_before_vnd"]),
        ("put in by citizens", report["received_vnd"]),
        ("handed out", -report["returned_vnd"]),
        ("should be there by the books", report["expected_vnd"]),
        ("counted: change tubes", report["held"]["tubes_vnd"]),
        ("counted: cassette and coin box", report["held"]["cassette_vnd"]),
    ]


def _dong(amount_vnd: int) -> str:
    return f"{amount_vnd:,} đ"
