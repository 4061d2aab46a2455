"""Settings that the hub may change while the kiosk runs; what it does not set is as kiosk.toml says."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Tuning:
    """The settings in effect; None stands for kiosk.toml's."""

    telemetry_every_s: int = 60
    log_level: str | None = None
    pays_by_transfer: bool | None = None
    print_cost_per_page_vnd: int | None = None
