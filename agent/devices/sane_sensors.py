"""What a SANE scanner's sensors say: read-only yes/no options, as `scanimage -A` prints them."""

import re
from dataclasses import dataclass

_OPTION = re.compile(r"^\s+--([a-z0-9-]+)\[=\(.*?yes\|no\)\] \[(yes|no)\]", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SensorNames:
    """The options that are sensors; these are the names of the fujitsu and genesys backends."""

    paper: str = "page-loaded"
    double_feed: str = "double-feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensors:
    """Paper in the feeder, two sheets at once; None where this scanner has no such sensor."""

    paper: bool | None
    double_feed: bool | None


def sensors_in(options: str, names: SensorNames) -> Sensors:
    """Return what `scanimage -A` said of the sensors; an inactive option is no sensor."""
    said = {name: value == "yes" for name, value in _OPTION.findall(options)}
    return Sensors(paper=said.get(names.paper), double_feed=said.get(names.double_feed))
