"""`python -m models.specimens KIND --seed N --out DIR`: write a specimen's pages as PNG and its truth as JSON."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import click

from . import KINDS, Flaw, Specimen, SpecimenError, Strength, make, scan
from .values import DPI


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--seed", default=1, show_default=True, help="Which paper: the same seed gives the same paper.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder to write to.")
@click.option(
    "--flaw", "flaws", multiple=True, type=click.Choice([flaw.value for flaw in Flaw]), help="May be repeated."
)
@click.option("--strength", type=click.Choice(get_args(Strength)), help="Print and scan it; without: as drawn.")
@click.option("--grey", is_flag=True, help="Scan without colour.")
def main(kind: str, seed: int, out: Path, flaws: tuple[str, ...], strength: Strength | None, grey: bool) -> None:
    """Write a synthetic paper of KIND: page-1.png, page-2.png, …, truth.json."""
    try:
        specimen = make(kind, seed, flaws=frozenset(map(Flaw, flaws)))
    except SpecimenError as error:
        raise click.ClickException(str(error)) from error
    if strength:
        specimen = scan(specimen, seed, strength=strength, grey=grey)
    for path in write(specimen, out):
        click.echo(path)


def write(specimen: Specimen, folder: Path) -> list[Path]:
    """Write pages and truth into a folder, made if need be; return the paths, the truth last."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"page-{number}.png" for number in range(1, len(specimen.pages) + 1)]
    for path, page in zip(paths, specimen.pages, strict=True):
        page.save(path, dpi=(DPI, DPI), compress_level=1)
    truth = folder / "truth.json"
    truth.write_text(json.dumps(_truth(specimen, paths), ensure_ascii=False, indent=1), encoding="utf-8")
    return [*paths, truth]


def _truth(specimen: Specimen, paths: list[Path]) -> dict[str, object]:
    return {
        "kind": specimen.kind,
        "dpi": DPI,
        "flaws": sorted(specimen.flaws),
        "fields": dict(specimen.fields),
        "pages": [path.name for path in paths],
        "lines": [[asdict(line) for line in page] for page in specimen.lines],
        "marks": [asdict(mark) for mark in specimen.marks],
    }


if __name__ == "__main__":
    main()
