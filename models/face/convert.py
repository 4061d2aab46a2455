"""From the npm package to the kiosk's weight: ``python -m models.face.convert``.

Fetches @vladmandic/face-api with npm, writes models/face_embedding.tflite and, beside this file, original.json: the
embeddings that the original network gives, in its author's code under Node.js, for the chips of `drawn_chips`. Then
the manifest's hash is renewed. Same package, same bytes. Needs npm, Node.js 20 and the packages `flatbuffers` and
`tflite` of models/reader/requirements.txt; it is no part of the set-up of a kiosk.
"""

import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

from models.face.chips import drawn_chips
from models.face.export import write_tflite
from models.face.network import load
from models.manifest import record

__all__ = ["ORIGINAL", "SEED", "convert", "main"]

PACKAGE = "@vladmandic/face-api@1.7.15"
SEED, CHIPS = 20, 6
ORIGINAL = Path(__file__).with_name("original.json")
_WEIGHT = Path(__file__).parents[1] / "face_embedding.tflite"
_PROGRAM = Path(__file__).with_name("original.mjs")


def fetch(folder: Path) -> Path:
    """Return the unpacked npm package; raise CalledProcessError where npm can't get it."""
    told = subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, stdout=subprocess.PIPE, check=True)
    with tarfile.open(folder / told.stdout.decode().split()[-1]) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def convert(package: Path) -> bytes:
    """Return the TensorFlow Lite file of the package's face_recognition_model."""
    return write_tflite(load(package / "model" / "face_recognition_model-weights_manifest.json"))


def original(package: Path, folder: Path) -> list[list[float]]:
    """Return what the package's own code gives for the drawn chips."""
    chips = folder / "chips"
    chips.write_bytes(drawn_chips(CHIPS, SEED).tobytes())
    command = ["node", "--no-warnings", str(_PROGRAM), str(package), str(chips)]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    embeddings: list[list[float]] = json.loads(told[told.index(b"[[") :])
    return [[round(value, 6) for value in embedding] for embedding in embeddings]


def main() -> None:
    """Fetch, convert, and note what the original gives."""
    with tempfile.TemporaryDirectory() as name:
        package = fetch(Path(name))
        _WEIGHT.write_bytes(convert(package))
        ORIGINAL.write_text(json.dumps(original(package, Path(name))) + "\n", encoding="utf-8")
    record("face-embedding")


if __name__ == "__main__":
    main()
