"""A package's copyright file (Debian Policy 12.5): `copyright.py SBOM` writes it to standard output.

It says in words what the bill of materials says: whose each part is, under which licence, and where the text lies.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HEAD = """\
{name}
Copyright: 2026, the authors of Trạm
License: Apache-2.0 (/usr/share/common-licenses/Apache-2.0)

The package brings libraries and trained weights of others, unchanged. Each library is a wheel (a ZIP archive) in
/usr/lib and holds the texts of its licences, and of what its makers built into it, under the names given here. Where
it names none, its makers put none into it: the licence is what they declare. The same for machines is sbom.cdx.json.
"""


def main() -> None:
    """Write the file."""
    bill = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(HEAD.format(name=bill["metadata"]["component"]["name"]))
    for each in bill["components"]:
        if each["type"] in ("library", "machine-learning-model"):
            print("\n".join(_said(each)))


def _said(component: dict[str, Any]) -> Iterator[str]:
    licences = dict.fromkeys(_named(each) for each in component["licenses"])
    yield f"{component['name']} {component['version']}: {'; '.join(licences)}"
    if maker := component.get("author"):
        yield f"  by {maker}"
    for each in component.get("properties", ()):
        if each["name"] == "tram:licence-text":
            yield f"  {each['value']}"


def _named(licence: dict[str, Any]) -> str:
    one = licence.get("license", licence)
    return str(one.get("expression") or one.get("id") or one["name"]).removeprefix("License :: OSI Approved :: ")


if __name__ == "__main__":
    main()
