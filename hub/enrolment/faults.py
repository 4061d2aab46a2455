"""Why a machine gets no certificate; each is an HTTP status and a sentence to the technician.

EnrolmentFault
├── CodeWrong        401  no such code for this kiosk, used up, or too old
├── RequestWrong     400  no PKCS#10 request of a P-256 key in the kiosk's name
├── NotYourself      403  a renewal without the kiosk's own certificate, or for another kiosk
└── ShutOut          403  the kiosk is revoked, quarantined, or not on the roster
"""

from typing import ClassVar


class EnrolmentFault(Exception):
    """No certificate is issued; the text names the cause and the remedy."""

    status: ClassVar[int]


class CodeWrong(EnrolmentFault):
    """The code opens nothing."""

    status = 401


class RequestWrong(EnrolmentFault):
    """The request can't be certified."""

    status = 400


class NotYourself(EnrolmentFault):
    """Who asks is not the kiosk that the request names."""

    status = 403


class ShutOut(EnrolmentFault):
    """The kiosk gets nothing here any more, or for now."""

    status = 403
