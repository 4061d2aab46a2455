"""What can be wrong with the way to the hub.

LinkFault
├── LinkDown         no connection to the broker; the agent keeps trying, nothing is lost
├── BadCredentials   the kiosk's certificate files can't be used
│   ├── KeyOfAnotherMachine  the key's file was sealed by another TPM: the disk was moved, or copied
│   └── TpmSilent            the TPM does not do what it should
├── EnrolmentFault   no certificate was got or renewed
│   ├── HubUnreachable       nobody answers where kiosks enrol
│   ├── HubRefused           the hub says why it issues none
│   │   └── ShutOut              the hub treats this kiosk no more, or not for now
│   └── NotTheHub            whoever answers is not the hub of the ticket
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


class KeyOfAnotherMachine(BadCredentials):
    """The TPM of this machine does not open the kiosk's key."""

    remedy = (
        "A disk of another kiosk can't be used here. If board or TPM were replaced, enrol this kiosk anew with a fresh "
        "code: tram enrol. If the disk was stolen, revoke its kiosk at the hub's console."
    )

    def __init__(self, cause: str) -> None:
        super().__init__(f"This machine's TPM does not open the kiosk's key: {cause}")


class TpmSilent(BadCredentials):
    """The TPM is there and fails; nothing is said about whose key it is."""

    remedy = (
        "Leave the machine on for two hours: after many power cuts a TPM locks itself for a while. If it stays so, "
        "the TPM is broken: replace the board and enrol anew."
    )

    def __init__(self, cause: str) -> None:
        super().__init__(f"The TPM does not answer as it should: {cause}")


class EnrolmentFault(LinkFault):
    """No certificate was got; what the kiosk had stays as it was."""


class HubUnreachable(EnrolmentFault):
    """Nobody answers there."""

    remedy = "`tram doctor` names the layer that fails. Without any network: tram enrol --carry-out."


class HubRefused(EnrolmentFault):
    """The hub issues no certificate; the text is its own sentence."""

    remedy = "Do what the hub says, then repeat; the code stays good until it is used."


class NotKnownThere(HubRefused):
    """The hub's program is older than this kiosk's and does not know what is asked."""

    remedy = "Nothing breaks; it is asked again when the hub is updated."


class ShutOut(HubRefused):
    """The kiosk is revoked, in quarantine, or on no roster."""

    remedy = "It serves nobody until the hub's operator has decided; they see it at the console."


class NotTheHub(EnrolmentFault):
    """Somebody else answers in the hub's place."""

    remedy = "Have the operator read the fingerprint at the console; if it is that of the ticket, suspect the network."


class BlobLate(LinkFault):
    """The hub did not send the whole blob in time."""

    remedy = "The copy is signed and registered; it is fetched when the hub is back. Look why the network stayed away."


class BlobRefused(LinkFault):
    """The hub will not send the blob."""

    remedy = "Call an officer: the copy is registered at the hub and can be printed there."
