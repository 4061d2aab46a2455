"""[fleet] of hub.toml: the limits beyond which an operator is told."""

from typing import Annotated

from msgspec import Meta

from contract.settings import Section


class FleetConfig(Section, frozen=True, kw_only=True):
    """When an operator is told; each figure is the first bad one (`hub.fleet.rules` has the whole table).

    `drift_s` is how far a kiosk's clock may stand from the hub's (R23).
    """

    offline_min: Annotated[int, Meta(ge=1, le=1440)] = 10
    tray_sheets: Annotated[int, Meta(ge=0, le=1000)] = 30
    toner_percent: Annotated[int, Meta(ge=0, le=50)] = 10
    change_visits: Annotated[int, Meta(ge=0, le=500)] = 10
    disk_free_mb: Annotated[int, Meta(ge=50, le=100_000)] = 1_000
    storage_worn_percent: Annotated[int, Meta(ge=50, le=100)] = 80
    certificate_days: Annotated[int, Meta(ge=1, le=365)] = 30
    temperature_c: Annotated[int, Meta(ge=40, le=110)] = 80
    drift_s: Annotated[int, Meta(ge=2, le=3600)] = 30
    unsent_min: Annotated[int, Meta(ge=1, le=1440)] = 15
