"""`make bench-reading`: every figure of reading in one run on one thread, beside the peers that are installed.

`--part` chooses parts; the long form is `--specimens 200 --photos 300 --alterations 200`. Times are processor times,
each reader has a process of its own. A part whose data is missing says so. `--must` ends with exit 1 if a figure that
was asked for is not reached.
"""

import argparse
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import cv2

from models.reader.faces import find_faces
from tests.bench.reading_child import NotHere
from tests.bench.reading_table import Must, must_hold

DEVELOPMENT = Path(__file__).parents[3] / "shared" / "eval" / "ocr"
_PACKAGES = ("onnxruntime", "opencv-python-headless", "numpy", "asterocr", "rapidocr-onnxruntime", "tflite-runtime")

Part = Callable[[argparse.Namespace], list[Must]]


def _lines(options: argparse.Namespace) -> list[Must]:
    from tests.bench.reading_lines import lines

    return lines(options.development, options.tessdata)


def _pages(options: argparse.Namespace) -> list[Must]:
    from tests.bench.reading_pages import pages

    return pages(options.development, options.tessdata)


def _names(options: argparse.Namespace) -> list[Must]:
    from tests.bench.reading_lines import names

    return names(options.names, options.tessdata)


def _sure(options: argparse.Namespace) -> list[Must]:
    from tests.bench.reading_sure import sure

    return sure(options.development, options.names)


def _fields(options: argparse.Namespace) -> list[Must]:
    from tests.bench.reading_papers import fields

    return fields(options.specimens)


def _photos(options: argparse.Namespace) -> list[Must]:
    from tests.bench.reading_papers import photos

    return photos(options.photos)


def _alterations(options: argparse.Namespace) -> list[Must]:
    from tests.bench.reading_papers import alterations

    return alterations(options.alterations)


PARTS: Mapping[str, Part] = {
    "lines": _lines,
    "pages": _pages,
    "names": _names,
    "sure": _sure,
    "fields": _fields,
    "photos": _photos,
    "alterations": _alterations,
}

_COUNTS: Mapping[str, str] = {
    "names": "names",
    "fields": "specimens",
    "photos": "photos",
    "alterations": "alterations",
}
"""The option that says how many a part measures; none of 0 of them."""


def conditions() -> str:
    """Return what this machine is and what runs on it."""
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    versions = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    return (
        f"{_processor()}, {os.cpu_count()} cores, 1 thread used; load before: {loads}\n"
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, {_tesseract()}\n{versions}\n"
        f"{len(list(find_faces()))} faces to draw fresh lines in"
    )


def _tesseract() -> str:
    if not shutil.which("tesseract"):
        return "no tesseract"
    return subprocess.run(["tesseract", "--version"], capture_output=True, text=True, check=False).stdout.splitlines()[
        0
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith(("model name", "Model")):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def main(arguments: Sequence[str]) -> int:
    """Run the chosen parts; return the exit code."""
    options = _options(arguments)
    cv2.setNumThreads(1)
    print(conditions())
    musts: list[Must] = []
    for name in options.part:
        if getattr(options, _COUNTS.get(name, ""), 1) == 0:
            continue
        print()
        try:
            musts += PARTS[name](options)
        except NotHere as missing:
            print(f"{name}: not here: {missing}")
        sys.stdout.flush()
    print(f"\n{must_hold(musts)}")
    return int(options.must and not all(must.holds for must in musts))


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--part", nargs="+", choices=list(PARTS), default=list(PARTS), help="which parts, in which order"
    )
    parser.add_argument("--development", type=Path, default=DEVELOPMENT, help="folder of the development set")
    parser.add_argument("--tessdata", type=Path, help="folder with best_int's vie.traineddata")
    parser.add_argument("--names", type=int, default=300, help="fresh names in capitals")
    parser.add_argument("--specimens", type=int, default=3, help="specimens of each kind; 0: leave out")
    parser.add_argument("--photos", type=int, default=30, help="generated photographs")
    parser.add_argument("--alterations", type=int, default=10, help="altered specimens")
    parser.add_argument("--must", action="store_true", help="exit 1 if a figure is not reached")
    return parser.parse_args(list(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
