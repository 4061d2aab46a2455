"""`tram separators`: separator sheets for dossiers that are digitised as one stack, to be printed on both sides."""

from pathlib import Path

import click

from agent.copies import separator
from contract.dossiers import PROCEDURES, procedure


@click.command()
@click.argument("code", required=False)
@click.option("--component", "wanted", multiple=True, help="Only this component (TO_KHAI …); may be given again.")
@click.option("--next", "and_next", is_flag=True, help="One sheet more that names no component: the next paper.")
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="The PDF to write.")
def separators(code: str | None, wanted: tuple[str, ...], and_next: bool, out: Path | None) -> None:
    """Write a PDF of separator sheets for the procedure of this CODE; without one, list what can be printed."""
    if code is None:
        for each in PROCEDURES:
            click.echo(f"{each.code}  {each.vi}: {', '.join(part.code for part in each.components)}")
        return
    known = procedure(code)
    if known is None:
        raise click.ClickException(f"There is no procedure {code} here. `tram separators` lists those there are.")
    if unknown := [each for each in wanted if known.component(each) is None]:
        raise click.ClickException(f"{known.vi} has no component {', '.join(unknown)}. `tram separators` lists them.")
    chosen = [each for each in known.components if not wanted or each.code in wanted]
    file = out or Path(f"separators-{code}.pdf")
    file.write_bytes(separator.sheets(known, [*chosen, *([None] if and_next else [])], two_sided=True))
    click.echo(f"{file}: {len(chosen) + and_next} sheets. Print them on both sides (long edge), at their true size.")
