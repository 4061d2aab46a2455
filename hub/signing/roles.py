"""What the certificates of the embedded PKI are for."""

from enum import StrEnum


class Role(StrEnum):
    """What a certificate is used for here."""

    ROOT = "root"
    ISSUING = "issuing"
    CERTIFIER = "certifier"
    AGENCY = "agency"
    SEAL = "seal"
    TSA = "tsa"
    TSA_ANCHOR = "tsa-anchor"
    OCSP = "ocsp"
    BUNDLE = "bundle"
    BROKER_ROOT = "broker-root"
    BROKER = "broker"
    HUB = "hub"
    KIOSK = "kiosk"
