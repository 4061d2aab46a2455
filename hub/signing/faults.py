"""What can keep a copy from being certified; nothing of the copy exists after any of these.

SigningFault
├── DraftFault                  the kiosk's draft is not what the hub can append to
│   ├── DraftUnreadable         not a PDF, broken, or not to the letter of ISO 32000
│   ├── DraftEncrypted          locked with a password
│   ├── DraftAlreadySigned      has a form, a signature or validation data
│   ├── DraftRevised            has an earlier state that could be shown instead
│   ├── DraftActive             has scripts, actions, attachments, annotations or layers
│   ├── DraftPages              no page, too many, or a page that is not A4 upright
│   └── DraftUnmarked           a page without the unsigned mark that the tail would drop
├── CertificateFault            a certificate must not be used now (R1); names whose
│   ├── CertificateNotYetValid
│   ├── CertificateExpired
│   ├── CertificateRevoked
│   ├── CertificatePurpose      not made for this kind of signature
│   └── CertificateIssuer       not issued by the authority the hub trusts
├── UnknownCertifier            no certificate for the person who decided
├── SomebodyElsesKey            the open key is not that of the person who decided
├── KeyLocked                   the officer's key was locked while it was needed
├── TokenFault                  the officer's token failed while it was needed; it is locked by that
│   ├── TokenGone               pulled out, or its worker died
│   └── TokenSlow               no answer before the deadline
├── RemoteKeyFault              the remote signing service did not sign, or with another key
├── UnknownKiosk                a name that no kiosk can have
├── UnknownCertificate          no certificate of this role and owner, or one that is not replaced here
├── UnknownSerial               a serial number that was not issued here
├── PkiFault                    the folder of keys is not this agency's, or is damaged
│   ├── PkiOfAnotherAgency
│   └── PkiDamaged
├── ServiceFault                an outside service gave nothing that can be used; a copy is signed at a lower level
│   ├── NoTimestamp             no timestamp authority answered as it must
│   └── StatusUnknown           nobody says whether a certificate is revoked
├── CopyUnextendable            a file to which no evidence can be appended
├── TypefaceMissing             the serif face is not installed
├── TextUnprintable             a letter that the face does not have
└── LevelNotReached             what was made does not hold together, or is less than it is said to be
"""

from typing import ClassVar


class SigningFault(Exception):
    """The copy was not certified; the text names the cause, then what to do."""

    remedy: ClassVar[str]

    def __init__(self, cause: str) -> None:
        super().__init__(f"{cause}. {self.remedy}")


class DraftFault(SigningFault):
    """The draft can't be certified as it is."""

    remedy = "Scan the paper again so that the kiosk makes a new draft."


class DraftUnreadable(DraftFault):
    """The draft is not a sound PDF."""


class DraftEncrypted(DraftFault):
    """The draft is encrypted, so nobody could read the copy."""


class DraftAlreadySigned(DraftFault):
    """The draft carries a form or a signature already."""

    remedy = "Send the draft as the kiosk made it; a signed copy can't be certified a second time."


class DraftRevised(DraftFault):
    """The draft holds more than one revision."""


class DraftActive(DraftFault):
    """The draft holds something that could change what a reader sees."""


class DraftPages(DraftFault):
    """The draft's pages are not what a copy consists of."""


class DraftUnmarked(DraftFault):
    """A page of the draft lacks the mark that says it is unsigned (R3)."""


class CertificateFault(SigningFault):
    """A certificate must not be used for this signature now."""

    remedy = "Have a new certificate issued and installed at the hub, then approve again."


class CertificateNotYetValid(CertificateFault):
    """The certificate's validity has not begun."""

    remedy = "Check the hub's clock; if it is right, wait for the day the certificate begins."


class CertificateExpired(CertificateFault):
    """The certificate's validity is over."""


class CertificateRevoked(CertificateFault):
    """The certificate was revoked."""


class CertificatePurpose(CertificateFault):
    """The certificate was not issued for this kind of signature."""


class CertificateIssuer(CertificateFault):
    """The certificate was not issued by the authority that the hub trusts."""


class UnknownCertifier(SigningFault):
    """The person who decided has no certificate at this hub."""

    remedy = "Enter the person in the roster of certifiers with the authority document and issue a certificate (R2)."


class SomebodyElsesKey(SigningFault):
    """The key that was handed in does not belong to the person who decided."""

    remedy = "Let the certifier who decided open his own key at the console."


class KeyLocked(SigningFault):
    """The officer's key was locked meanwhile (log-out, time-out)."""

    remedy = "The certifier opens the key again at the console; the copy is then signed by itself."


class TokenFault(SigningFault):
    """The officer's token did not sign."""

    remedy = "Check that the token is plugged in; the certifier types his PIN again, and the copy is signed by itself."


class TokenGone(TokenFault):
    """The token or the process that talks to it went away."""


class TokenSlow(TokenFault):
    """The token did not answer in time."""


class RemoteKeyFault(SigningFault):
    """The officer's key at the remote signing service did not sign."""

    remedy = "Look at the service on the console's page of health; the copy is signed by itself once it answers."


class UnknownKiosk(SigningFault):
    """The name can't be a kiosk's."""

    remedy = "Give the kiosk a name that can stand in a topic and is not the hub's."


class UnknownCertificate(SigningFault):
    """There is no such certificate here, or it is not replaced here."""

    remedy = "Look at `tram keys list` for what there is."


class UnknownSerial(SigningFault):
    """The serial number is not that of a certificate issued here."""

    remedy = "Read the serial number from the certificate (openssl x509 -serial) and give it in full."


class PkiFault(SigningFault):
    """The folder of keys can't be used."""

    remedy = "Restore it from the backup, or point the hub at another folder to have a new test set made."


class PkiOfAnotherAgency(PkiFault):
    """The folder holds the keys of another agency."""


class PkiDamaged(PkiFault):
    """A file in the folder is missing or unreadable."""


class ServiceFault(SigningFault):
    """What a signature needs from outside could not be had."""

    remedy = "Look at the services on the console's page of health; the upgrade is tried again by itself."


class NoTimestamp(ServiceFault):
    """No timestamp authority answered as it must."""


class StatusUnknown(ServiceFault):
    """Nobody says whether a certificate is revoked."""


class CopyUnextendable(SigningFault):
    """Evidence can't be appended to this file."""

    remedy = "Use the very file that the agency gave out."


class TypefaceMissing(SigningFault):
    """The serif face of official papers is not installed."""

    remedy = "Install it: apt-get install fonts-liberation2 (Debian 12) or fonts-liberation (Debian 13)."


class TextUnprintable(SigningFault):
    """A name holds a letter that can't be printed."""

    remedy = "Correct the name in the register or the roster."


class LevelNotReached(SigningFault):
    """The appended bytes do not make a document of the level that was aimed at."""

    remedy = "Nothing was issued. This is an error of the hub: report it with the copy's id."
