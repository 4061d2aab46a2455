"""Play every cell; print the table, write it to build/ and docs/matrix.md; exit 1 where a promise breaks."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.prove.matrix import table
from tests.prove.matrix.proof import cells, results_of
from tests.prove.matrix.table import Result

DOCS = Path("docs/matrix.md")


def say(results: Sequence[Result], began_s: float) -> list[str]:
    """Print how it went; return what was broken."""
    wrong = [f"{' · '.join(each.cell)}: {'; '.join(each.broken)}" for each in results if each.broken]
    met = sum(each.reached for each in results)
    waited = sum(each.reached and each.outcome.startswith("…") for each in results)
    print(
        f"{len(results)} cells played, {met} met their fault, {waited} waited for the device and were finished, "
        f"{len(wrong)} broke a promise; {time.monotonic() - began_s:.0f} s"
    )
    return wrong


def main() -> None:
    """Run the proof."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path("build/prove-matrix"))
    parser.add_argument("--real", action="store_true", help="a choice of cells on the real stand-ins instead")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.real:
        from tests.prove.matrix import real

        sys.exit(real.prove(args.out))
    began_s = time.monotonic()
    results = results_of(cells(), args.jobs)
    page = table.markdown(results)
    (args.out / "matrix.txt").write_text(table.text(results) + "\n", encoding="utf-8")
    print(page)
    wrong = say(results, began_s)
    if wrong:
        sys.exit("BROKEN:\n" + "\n".join(wrong))
    DOCS.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
