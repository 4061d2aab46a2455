"""Answers that are files: each names its type, so that the API's description does too."""

from fastapi import Response
from prometheus_client import CONTENT_TYPE_LATEST


class Png(Response):
    """A picture."""

    media_type = "image/png"


class Jpeg(Response):
    """A photograph."""

    media_type = "image/jpeg"


class Pdf(Response):
    """A document to be printed."""

    media_type = "application/pdf"


class Csv(Response):
    """A table (RFC 4180)."""

    media_type = "text/csv; charset=utf-8"


class Metrics(Response):
    """Prometheus' text format."""

    media_type = CONTENT_TYPE_LATEST


class Octets(Response):
    """Bytes of the public log."""

    media_type = "application/octet-stream"


class Json(Response):
    """JSON that is made elsewhere."""

    media_type = "application/json"


class Jose(Response):
    """A compact JWS."""

    media_type = "application/jose"
