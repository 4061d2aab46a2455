"""The counter, for the clerk: a citizen's voucher is paid here, and a transfer without a copy is given back."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from hub.console import render
from hub.console.access import Cashier, ServedHub
from hub.console.pages import Nav
from hub.console.roles import Permit
from hub.register import transfers

router = APIRouter(include_in_schema=False)

NAV = Nav(order=35, path="/console/counter", words="nav.counter", permit=Permit.PAY_VOUCHERS)


@router.get("/console/counter")
def counter_page(hub: ServedHub, request: Request, officer: Cashier) -> HTMLResponse:
    """Return the field for a voucher's QR and the list of transfers to give back."""
    return render.page(request, "counter.html", officer=officer, refunds=transfers.to_refund(hub))
