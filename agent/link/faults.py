"""What can be wrong with the way to the hub.

LinkFault
├── LinkDown         no connection to the broker; the agent keeps trying, nothing is lost
├── BadCredentials   the kiosk's certificate files can't be used
├── BlobLate         the hub did not send all of a blob in time
└── BlobRefused      the hub will not send the blob
"""


class LinkFault(Exception):
    """The hub can't be reached as needed; the text says why, `remedy` what to do."""

    remedy = "Look at the agent's status page, then at the hub's log."


class LinkDown(LinkFault):
    """There is no connection to the broker."""

    remedy = "Check network, broker address and the kiosk's certificate; the agent keeps trying and has lost nothing."


class BadCredentials(LinkFault):
    """The kiosk's certificate, key or CA file can't be used."""

    remedy = "Check the three paths under [hub] in kiosk.toml; if the files are damaged, enrol the kiosk again."


class BlobLate(LinkFault):
    """The hub did not send the whole blob in time."""

    remedy = "The copy is signed and registered; it is fetched when the hub is back. Look why the network stayed away."


class BlobRefused(LinkFault):
    """The hub will not send the blob."""

    remedy = "Call an officer: the copy is registered at the hub and can be printed there."
