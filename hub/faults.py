"""What the hub can refuse or fail at; each leaf carries a code, the true cause and the remedy.

HubFault
├── StartFault              the hub does not start
│   ├── ConfigInvalid       hub.toml is missing, malformed or has an unknown key
│   ├── PortTaken           another program listens on the console's port
│   └── StoreUnusable       the data folder can't be written, or the database is newer than this program
├── ClockFault              the hub's clock may date nothing (R23)
│   ├── ClockDoubtful       no time server that proves itself has set it
│   └── ClockWentBack       it stands before what is already certified
├── LogRewritten            the log's leaves are not those whose root was published
├── DecisionFault           a person's decision can't be recorded
│   ├── AlreadyDecided      somebody else was quicker, or the paper left the queue
│   ├── ClaimedByColleague  somebody else is looking at the paper now
│   ├── TooLateToTakeBack   the decision has taken effect
│   ├── NotAuthorised       the officer may not certify on this day (R2)
│   ├── LookupNotAgreed     the citizen has not agreed that the population database is asked
│   └── DecisionIncomplete  a ground, a text, a page or the look at the original is missing
├── BookFault               the bound book can't be made or closed
│   ├── BookStillOpen       month or year is not over, not signed, or an earlier month is not printed
│   ├── AlreadyPrinted      it is bound and is not made again
│   └── NotYours            a check afterwards is not made by who certified
├── AccessFault             the console does not let somebody in
│   ├── NotLoggedIn
│   ├── LockedOut
│   ├── RoleMissing
│   ├── SecondFactorMissing the account has no second factor yet
│   ├── ForeignRequest      the call did not come from the console's own page (CSRF)
│   ├── ProviderRefused     the OpenID Connect provider did not say who this is
│   ├── PinWrong
│   ├── PinBlocked          too many wrong PINs
│   ├── PinUnfit            a PIN that can't be chosen
│   └── TokenUnready        the token with the key is not there or does not work
├── VoucherFault            a voucher is not to be paid
│   ├── VoucherForged       the code is not one that a kiosk of this hub signed
│   ├── VoucherUsed         it was paid before
│   └── VoucherContradiction  it is known here with another amount or maker
├── TransferFault           a transfer can't be recorded or given back
│   ├── BankNotKnown        the hub takes no transfers
│   ├── BankWordUnsigned    the bank's word has no signature, or a wrong one
│   ├── BankWordStale       it was signed long ago, or will be
│   ├── BankWordMalformed   it can't be read, or is about another account
│   ├── TransferContradiction  the same transfer was told of otherwise
│   └── TransferNotToRefund    a kiosk has it, or it was given back before
├── FleetFault              a kiosk is not asked for this
│   ├── JobMalformed        the wish makes no sense
│   ├── JobContradiction    the id stands for another job
│   ├── RolloutOver         it has come to its end
│   ├── EnrolmentClosed     the hub has no place where kiosks enrol
│   └── CarriedWrong        a carried request can't be read or certified
├── QueueFault              the line of people stays as it is
│   ├── NotAtCounter        the number is not (any more) at this counter
│   ├── CalledTooSeldom     nobody is passed over after one call
│   ├── NotSkipped          it was not passed over, or came back once already
│   ├── SlotFull            all places of the slot are booked, or it has begun
│   └── BookingOver         the booking was cancelled, or its holder has a number
├── PartnerFault            the call of another agency's system is not taken
│   ├── PartnerUnknown      the hub does not speak with it
│   ├── PartnerUnsigned     its word is not signed, wrongly, or not now
│   ├── PartnerMalformed    it can't be read
│   └── PartnerContradiction  the id stands for another booking, or is another account's
├── DeliveryElsewhere       a copy that is sent is not (any more) at this point
└── Gone                    what was asked for is not here (any more)
    ├── UnknownThing
    ├── ImagesPurged
    ├── AlreadyAnswered
    └── AlreadyAnnulled
"""

from typing import ClassVar


class HubFault(Exception):
    """Something a person has to know about; the text names the cause, then what to do."""

    code: ClassVar[str]
    remedy: ClassVar[str]

    def __init__(self, cause: str, *, remedy: str = "") -> None:
        self.cause = cause
        self.advice = remedy or self.remedy
        super().__init__(f"{cause} {self.advice}")


class StartFault(HubFault):
    """The hub can't start."""


class ConfigInvalid(StartFault):
    """The configuration file can't be used."""

    code = "CONFIG_INVALID"
    remedy = "Correct hub.toml and start the hub again."


class PortTaken(StartFault):
    """The console's address is in use."""

    code = "PORT_TAKEN"
    remedy = "Stop the other program, or set another port under [http] in hub.toml."


class StoreUnusable(StartFault):
    """The data folder or the database can't be used."""

    code = "STORE_UNUSABLE"
    remedy = "Check free space and owner of data_dir in hub.toml; a newer database needs the newer program."


class ClockFault(HubFault):
    """The hub's clock may date nothing; nothing is certified or signed (R23)."""


class ClockDoubtful(ClockFault):
    """Nobody who proves himself vouches for the clock; `advice` is what the time service's own state asks for."""

    code = "CLOCK_DOUBTFUL"
    remedy = "Let the hub reach its time servers; signing goes on by itself once they have set the clock."


class ClockWentBack(ClockFault):
    """The clock shows a time before the newest certification."""

    code = "CLOCK_WENT_BACK"
    remedy = "Have the time service (NTP) of the hub checked; signing goes on by itself once the time is right."


class LogRewritten(HubFault):
    """The stored log contradicts a head that was signed before; the hub stops."""

    code = "LOG_REWRITTEN"
    remedy = (
        "Somebody changed the database. Keep it as evidence, restore the last good backup, compare the audit trail."
    )


class DecisionFault(HubFault):
    """The decision was not recorded."""


class AlreadyDecided(DecisionFault):
    """The paper is no longer waiting for a decision."""

    code = "ALREADY_DECIDED"
    remedy = "Load the queue again and take the next paper."


class ClaimedByColleague(DecisionFault):
    """A colleague has the paper in front of him."""

    code = "CLAIMED"
    remedy = "Take the next paper; this one is free again when the colleague leaves it."


class PaperNotOpen(DecisionFault):
    """The officer does not have the paper before him."""

    code = "NOT_OPENED"
    remedy = "Open the paper at the console; what is sealed for its officer is shown there."


class TooLateToTakeBack(DecisionFault):
    """The decision has taken effect."""

    code = "TOO_LATE"
    remedy = "A copy that was certified wrongly is annulled by a decision of the agency."


class NotAuthorised(DecisionFault):
    """The officer has no authority to certify on this day (R2)."""

    code = "NOT_AUTHORISED"
    remedy = "Leave the paper to a certifier of the roster, or have the authority document and its dates entered."


class DecisionIncomplete(DecisionFault):
    """The decision lacks something the law asks for."""

    code = "DECISION_INCOMPLETE"
    remedy = "Add what is missing and send the decision again."


class LookupNotAgreed(DecisionFault):
    """The citizen has not agreed that the population database is asked."""

    code = "LOOKUP_NOT_AGREED"
    remedy = "Decide without it; no copy needs it."


class BookFault(HubFault):
    """The bound book can't be made or closed."""


class BookStillOpen(BookFault):
    """Month or year is not over, something in it is not signed, or an earlier month is not printed."""

    code = "BOOK_OPEN"
    remedy = "Wait until it is over, have open papers signed, print earlier months first; then do it again."


class AlreadyPrinted(BookFault):
    """It is bound already."""

    code = "BOOK_BOUND"
    remedy = "Open the file that was kept; later notes come with the next month."


class NotYours(BookFault):
    """A check afterwards must be somebody else's, and is made once."""

    code = "POST_CHECK_REFUSED"
    remedy = "Let a colleague who did not certify this copy check it; a result that is recorded stays."


class AccessFault(HubFault):
    """The console refuses access."""


class NotLoggedIn(AccessFault):
    """No valid session, or login and password do not fit."""

    code = "NOT_LOGGED_IN"
    remedy = "Log in again; a forgotten password is set anew by the operator."


class LockedOut(AccessFault):
    """Too many wrong passwords."""

    code = "LOCKED_OUT"
    remedy = "Wait until then, or ask the operator."


class RoleMissing(AccessFault):
    """The officer's role does not include this act."""

    code = "ROLE_MISSING"
    remedy = "Ask a colleague who holds the role."


class SecondFactorMissing(AccessFault):
    """The agency wants a second factor, and this account has none."""

    code = "SECOND_FACTOR_MISSING"
    remedy = "Set up the authenticator under Account, then go on."


class ForeignRequest(AccessFault):
    """A call that changes something did not prove that it comes from the console's own page."""

    code = "FOREIGN_REQUEST"
    remedy = "Load the page again and repeat the act there."


class ProviderRefused(AccessFault):
    """The OpenID Connect provider's answer can't be believed, or names nobody who may enter."""

    code = "PROVIDER_REFUSED"
    remedy = "Log in again; if the same is said, have the administrator look at the provider and at [console.oidc]."


class PinWrong(AccessFault):
    """The PIN does not open the key."""

    code = "PIN_WRONG"
    remedy = "Type the PIN once more; after five wrong ones the key is blocked for a while."


class PinBlocked(AccessFault):
    """Too many wrong PINs."""

    code = "PIN_BLOCKED"
    remedy = "Wait until then; decided papers wait as well and nothing is lost."


class PinUnfit(AccessFault):
    """The PIN is too short or too simple, or one was chosen before."""

    code = "PIN_UNFIT"
    remedy = "Choose 6 to 12 digits that are not all alike and no plain row such as 123456."


class TokenUnready(AccessFault):
    """The token can't be opened, whatever the PIN."""

    code = "TOKEN_UNREADY"
    remedy = "Plug the token in and type the PIN again; if that does not help, check [signing] in hub.toml."


class VoucherFault(HubFault):
    """The voucher is not to be paid."""


class VoucherForged(VoucherFault):
    """The code carries no signature of a kiosk of this hub."""

    code = "VOUCHER_FORGED"
    remedy = "Scan the voucher's code once more; if the same is said again, don't pay and keep the slip."


class VoucherUsed(VoucherFault):
    """The voucher was paid before."""

    code = "VOUCHER_USED"
    remedy = "Don't pay it again; who paid it can say to whom."


class VoucherContradiction(VoucherFault):
    """The voucher's code and what its kiosk reported differ."""

    code = "VOUCHER_CONTRADICTION"
    remedy = "Don't pay; have the operator look at the kiosk's ledger, and take the kiosk out of service until then."


class TransferFault(HubFault):
    """A transfer can't be recorded or given back."""


class BankNotKnown(TransferFault):
    """The hub takes no transfers."""

    code = "BANK_NOT_KNOWN"
    remedy = "Set [bank] in hub.toml, or stop sending."


class BankWordUnsigned(TransferFault):
    """The bank's word has no signature, or a wrong one; nothing was recorded."""

    code = "BANK_UNSIGNED"
    remedy = "Sign `<t>.<body>` with the key of [bank] webhook_key (HMAC-SHA256) and send it again."


class BankWordStale(TransferFault):
    """The bank's word was not signed now; nothing was recorded."""

    code = "BANK_STALE"
    remedy = "Sign it anew when it is sent again; check both clocks (NTP)."


class BankWordMalformed(TransferFault):
    """The bank's word can't be read, or is about another account; nothing was recorded."""

    code = "BANK_MALFORMED"
    remedy = "Correct the bank's adapter; /openapi.json describes the body."


class TransferContradiction(TransferFault):
    """The same transfer was told of before with other words; the first ones stand."""

    code = "TRANSFER_CONTRADICTION"
    remedy = "Compare with the account's statement; have the bank's adapter looked at."


class TransferNotToRefund(TransferFault):
    """The transfer's money is not at the hub to be given back."""

    code = "TRANSFER_NOT_TO_REFUND"
    remedy = "See the list of refunds; a kiosk that is silent for good must be taken out of service first."


class DocumentFault(HubFault):
    """A digitised document was not taken, changed or given out."""


class DocumentMalformed(DocumentFault):
    """What was sent is not a document with its metadata."""

    code = "DOCUMENT_MALFORMED"
    remedy = "Correct the metadata or the file; /openapi.json describes both."


class DocumentNotReady(DocumentFault):
    """No signed file stands for the document yet."""

    code = "DOCUMENT_NOT_READY"
    remedy = "Ask again once an officer has accepted the document, or look in the console why none has."


class DocumentSuperseded(DocumentFault):
    """A newer version of the metadata exists."""

    code = "DOCUMENT_SUPERSEDED"
    remedy = "Load the newest version, and change that."


class DocumentDecided(DocumentFault):
    """The document was accepted or sent back before."""

    code = "DOCUMENT_DECIDED"
    remedy = "Load the list again and take the next document."


class NoDocuments(DocumentFault):
    """The hub keeps no digitised documents."""

    code = "NO_DOCUMENTS"
    remedy = "Set [documents] in hub.toml."


class DossierSecretWrong(DocumentFault):
    """The code of the receipt does not open a dossier."""

    code = "DOSSIER_SECRET"
    remedy = "Scan the receipt's code once more; without the receipt the agency itself looks the dossier up."


class DossierReused(DocumentFault):
    """The receipt has given the dossier out before; it does so once."""

    code = "DOSSIER_REUSED"
    remedy = "Ask who has it; the agency itself can still look the dossier up."


class FleetFault(HubFault):
    """The kiosks were not asked for anything."""


class JobMalformed(FleetFault):
    """What is wished for makes no sense."""

    code = "JOB_MALFORMED"
    remedy = "Correct the wish; /docs describes it."


class JobContradiction(FleetFault):
    """The id was used before for something else."""

    code = "JOB_CONTRADICTION"
    remedy = "Load the page again and ask anew."


class RolloutOver(FleetFault):
    """There is nothing left to stop."""

    code = "ROLLOUT_OVER"
    remedy = "Look at each kiosk's job; what is done is undone by another job."


class EnrolmentClosed(FleetFault):
    """No certificates of kiosks are issued here."""

    code = "ENROLMENT_CLOSED"
    remedy = "Set [enrolment] in hub.toml and start the hub again."


class CarriedWrong(FleetFault):
    """A request that was carried here as QR codes can't be answered."""

    code = "CARRIED_WRONG"
    remedy = "Show the QR codes at the kiosk again (tram enrol --offline) and take all of them."


class QueueFault(HubFault):
    """The line was not changed."""


class NotAtCounter(QueueFault):
    """Another number is at the counter now, or none."""

    code = "NOT_AT_COUNTER"
    remedy = "Look at the page again; somebody was quicker, or it was done before."


class CalledTooSeldom(QueueFault):
    """The number was called once only."""

    code = "CALLED_TOO_SELDOM"
    remedy = "Call it once more; then it may be passed over."


class NotSkipped(QueueFault):
    """The number does not come back to the line."""

    code = "NOT_SKIPPED"
    remedy = "It waits already, was served, or came back once before; then a new number is drawn."


class SlotFull(QueueFault):
    """The slot can't be booked."""

    code = "SLOT_FULL"
    remedy = "Choose another time, or come without booking: half of the counters' time is kept for that."


class BookingOver(QueueFault):
    """The booking can't be changed or used any more."""

    code = "BOOKING_OVER"
    remedy = "Book anew, or draw a number at the kiosk."


class PartnerFault(HubFault):
    """The call of another agency's system is not taken."""


class PartnerUnknown(PartnerFault):
    """The hub does not speak with this system."""

    code = "PARTNER_UNKNOWN"
    remedy = "Set its section of [adapters] in hub.toml, or stop calling."


class PartnerUnsigned(PartnerFault):
    """The word has no signature, a wrong one, or was not signed now; nothing was recorded."""

    code = "PARTNER_UNSIGNED"
    remedy = "Sign `<t>.<body>` now with the shared key (HMAC-SHA256) and send it again; check both clocks (NTP)."


class PartnerMalformed(PartnerFault):
    """The word can't be read; nothing was recorded."""

    code = "PARTNER_MALFORMED"
    remedy = "Correct the calling system; /openapi.json describes the body."


class PartnerContradiction(PartnerFault):
    """The id was used before with other words; the first ones stand."""

    code = "PARTNER_CONTRADICTION"
    remedy = "Use a new id for each booking, and the account that made it."


class DeliveryElsewhere(HubFault):
    """A copy that is sent is not (any more) at this point."""

    code = "DELIVERY_ELSEWHERE"
    remedy = "Load the page again: somebody else may have seen to it."


class Gone(HubFault):
    """What was asked for can't be given."""


class UnknownThing(Gone):
    """There is no such request, page or copy."""

    code = "UNKNOWN"
    remedy = "Check the id; the queue lists what is waiting."


class ImagesPurged(Gone):
    """The images are destroyed as the rules demand (R13)."""

    code = "IMAGES_PURGED"
    remedy = "Only the register row and hashes remain; the paper itself is with its owner."


class EvidenceDamaged(Gone):
    """What was sealed can't be opened."""

    code = "EVIDENCE_DAMAGED"
    remedy = "Decide without it (no copy needs it); have the operator compare the kiosk's evidence key with the hub's."


class AlreadyAnswered(Gone):
    """The citizen has an answer, or asked for none."""

    code = "ALREADY_ANSWERED"
    remedy = "Read the answer in the list; it stays as the citizen has read it."


class AlreadyAnnulled(Gone):
    """The copy was annulled before."""

    code = "ALREADY_ANNULLED"
    remedy = "Nothing is left to do; the earlier decision stands."
