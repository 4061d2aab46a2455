"""Listing a dossier that is to be digitised."""

from agent.journeys.values import Declared
from agent.screen.page.activities.digitise import Listing
from contract.digital import Condition
from contract.messages import PrintOutcome

LISTED = (
    Declared(component="CHUNG_SINH", pages=2, condition=Condition.A),
    Declared(component="UY_QUYEN", pages=1, condition=Condition.B),
)

STACKED = (LISTED[0], Declared(component="KHAC", pages=3, condition=Condition.A))

TABLE = {
    "procedure": Listing(scene="procedure"),
    "checklist-empty": Listing(scene="checklist", code="1.001193"),
    "checklist": Listing(scene="checklist", code="1.001193", papers=LISTED),
    "count": Listing(scene="count", code="1.001193", paper="TO_KHAI"),
    "count-again": Listing(scene="count", code="1.001193", paper="CHUNG_SINH", pages=2, papers=LISTED),
    "condition": Listing(scene="condition", code="1.001193", paper="TO_KHAI", pages=2),
    "ready": Listing(scene="ready", code="1.001193", papers=LISTED),
    "ready-sheets": Listing(scene="ready", code="1.001193", papers=STACKED),
    "ready-printing": Listing(scene="ready", code="1.001193", papers=STACKED, are_printing=True),
    "ready-printed": Listing(scene="ready", code="1.001193", papers=STACKED, sheets=PrintOutcome.PRINTED),
    "ready-enough": Listing(scene="ready", code="1.001193", papers=STACKED, are_enough=True),
    "ready-not-printed": Listing(scene="ready", code="1.001193", papers=STACKED, sheets=PrintOutcome.NOT_PRINTED),
}

BUILT_KEYS = (
    *(f"digitise.condition_{each}" for each in Condition),
    *(f"digitise.condition_{each}_more" for each in Condition),
    *(f"digitise.{each}" for each in ("checklist", "count", "condition", "ready", "put_in", "next", "differs", "back")),
    *(f"digitise.sheets_{each}" for each in PrintOutcome),
    "digitise.sending",
    "digitise.done",
)
