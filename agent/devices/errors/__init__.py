"""What can go wrong with a device; `docs/faults.md` is made of these classes by `python -m agent.devices.manual`.

DeviceError
├── ScannerError
│   ├── ScannerBusy               something else holds the scanner
│   ├── ScannerJammed             a sheet is stuck in the feeder
│   ├── ScannerDoubleFeed         two sheets went in at once
│   ├── NoOriginal                nothing lies in the scanner
│   ├── ScannerCoverOpen          the cover is not shut
│   ├── ScannerFailed             the scanner or its picture is broken
│   ├── ScannerSilent             no picture before the deadline
│   └── ScannerUnreachable        no such device, or no scanner software
├── PagePrinterError
│   ├── PagePrinterUnreachable    no answer; nothing was sent by this call
│   ├── PagePrinterPaperOut       no A4 in any tray
│   ├── PagePrinterJammed         a sheet is stuck
│   ├── PagePrinterCoverOpen      a cover or door is open
│   ├── PagePrinterSupplyEmpty    no toner
│   ├── PagePrinterStopped        it has stopped for another reason
│   └── PagePrinterRefused        it does not take the job; nothing is printed
│       └── PagePrinterBusy       it was at another job until the deadline; nothing is printed
├── TicketPrinterError            nothing of the slip was sent
│   ├── TicketPrinterUnreachable  not there, or no answer
│   ├── TicketPaperOut            the roll is empty
│   ├── TicketCoverOpen           the cover is not shut
│   ├── TicketCutterJammed        the blade is stuck
│   └── TicketPrinterFailed       it reports an error of its own
├── CoinAcceptorError             coins are not let in
│   ├── CoinAcceptorSilent        not there, or no answer
│   ├── CoinAcceptorGarbled       what it says can't be read
│   └── CoinTableDiffers          its coins' names contradict kiosk.toml
├── CameraError                   there is no picture
│   ├── CameraUnreachable         no such camera, or no software for it
│   ├── CameraSilent              it opened, and no frame came
│   └── CameraLost                it went away between two frames
├── LoudspeakerError              nothing can be heard
│   └── LoudspeakerUnreachable    no such sound card, or no program for it
├── CardReaderError               the chip of the identity card can't be read
│   ├── CardReaderUnreachable     no such reader, or no PC/SC service
│   ├── CardReaderBusy            another program holds the card
│   ├── CardReaderFailed          the reader, or the way to the card, reports an error
│   ├── NoCard                    no card lies on the reader
│   ├── CardRemoved               the card was taken away while it was read
│   └── CardMute                  the card does not answer
├── CashError                     notes or coins can't be taken in or given out
│   ├── CashUnavailable           no answer from the cash device
│   ├── NotesSilent               the bill validator does not answer
│   ├── NoteJammed                a note is stuck
│   ├── NoteCassetteOut           the cassette is not in its place
│   ├── NoteCassetteFull          the cassette takes no further note
│   ├── NotesFailed               the bill validator is defective
│   ├── NoteFraud                 somebody pulled at a note that was taken
│   ├── ChangerSilent             the coin changer does not answer
│   ├── CoinJammed                a coin is stuck
│   ├── CoinSlotOut               the changer's acceptor is not in its place
│   ├── ChangerFailed             the coin changer is defective
│   ├── ChangeEmpty               the tubes are empty
│   └── PayoutUnknown             how much came out can't be known
├── CashlessError                 cards can't be taken
│   ├── PaymentReaderSilent       not there, or no answer
│   ├── PaymentReaderFailed       it reports a defect
│   ├── PaymentReaderKeepsAll     it can't give back what was held
│   └── PaymentReaderBusy         it still holds an earlier sale
├── ControlBoardError             the board rests: notes back, acceptors shut, door locked
│   ├── ControlBoardUnreachable   not there, or no answer
│   ├── ControlBoardTaken         another program holds its port
│   └── ControlBoardOutdated      its firmware is of another release
└── CabinetError                  something about the kiosk's body
    ├── DoorOpen                  the service door is open
    ├── CabinetTampered           the tamper switch was released
    ├── DispenserJammed           the dispenser's motor is stuck
    └── PinsUnreachable           the computer's own pins can't be had

A print whose outcome nobody can know is no error but PrintOutcome.UNKNOWN: it goes to a person.
"""

from agent.devices.errors.base import DeviceError
from agent.devices.errors.cabinet import CabinetError, CabinetTampered, DispenserJammed, DoorOpen, PinsUnreachable
from agent.devices.errors.camera import CameraError, CameraLost, CameraSilent, CameraUnreachable
from agent.devices.errors.card_reader import (
    CardMute,
    CardReaderBusy,
    CardReaderError,
    CardReaderFailed,
    CardReaderUnreachable,
    CardRemoved,
    NoCard,
)
from agent.devices.errors.cash import (
    CashError,
    CashUnavailable,
    ChangeEmpty,
    ChangerFailed,
    ChangerSilent,
    CoinJammed,
    CoinSlotOut,
    NoteCassetteFull,
    NoteCassetteOut,
    NoteFraud,
    NoteJammed,
    NotesFailed,
    NotesSilent,
    PayoutUnknown,
)
from agent.devices.errors.cashless import (
    CashlessError,
    PaymentReaderBusy,
    PaymentReaderFailed,
    PaymentReaderKeepsAll,
    PaymentReaderSilent,
)
from agent.devices.errors.coin_acceptor import (
    CoinAcceptorError,
    CoinAcceptorGarbled,
    CoinAcceptorSilent,
    CoinTableDiffers,
)
from agent.devices.errors.control_board import (
    ControlBoardError,
    ControlBoardOutdated,
    ControlBoardTaken,
    ControlBoardUnreachable,
)
from agent.devices.errors.loudspeaker import LoudspeakerError, LoudspeakerUnreachable
from agent.devices.errors.page_printer import (
    PagePrinterBusy,
    PagePrinterCoverOpen,
    PagePrinterError,
    PagePrinterJammed,
    PagePrinterPaperOut,
    PagePrinterRefused,
    PagePrinterStopped,
    PagePrinterSupplyEmpty,
    PagePrinterUnreachable,
)
from agent.devices.errors.scanner import (
    NoOriginal,
    ScannerBusy,
    ScannerCoverOpen,
    ScannerDoubleFeed,
    ScannerError,
    ScannerFailed,
    ScannerJammed,
    ScannerSilent,
    ScannerUnreachable,
)
from agent.devices.errors.ticket_printer import (
    TicketCoverOpen,
    TicketCutterJammed,
    TicketPaperOut,
    TicketPrinterError,
    TicketPrinterFailed,
    TicketPrinterUnreachable,
)

__all__ = [
    "CabinetError",
    "CabinetTampered",
    "CameraError",
    "CameraLost",
    "CameraSilent",
    "CameraUnreachable",
    "CardMute",
    "CardReaderBusy",
    "CardReaderError",
    "CardReaderFailed",
    "CardReaderUnreachable",
    "CardRemoved",
    "CashError",
    "CashUnavailable",
    "CashlessError",
    "ChangeEmpty",
    "ChangerFailed",
    "ChangerSilent",
    "CoinAcceptorError",
    "CoinAcceptorGarbled",
    "CoinAcceptorSilent",
    "CoinJammed",
    "CoinSlotOut",
    "CoinTableDiffers",
    "ControlBoardError",
    "ControlBoardOutdated",
    "ControlBoardTaken",
    "ControlBoardUnreachable",
    "DeviceError",
    "DispenserJammed",
    "DoorOpen",
    "LoudspeakerError",
    "LoudspeakerUnreachable",
    "NoCard",
    "NoOriginal",
    "NoteCassetteFull",
    "NoteCassetteOut",
    "NoteFraud",
    "NoteJammed",
    "NotesFailed",
    "NotesSilent",
    "PagePrinterBusy",
    "PagePrinterCoverOpen",
    "PagePrinterError",
    "PagePrinterJammed",
    "PagePrinterPaperOut",
    "PagePrinterRefused",
    "PagePrinterStopped",
    "PagePrinterSupplyEmpty",
    "PagePrinterUnreachable",
    "PaymentReaderBusy",
    "PaymentReaderFailed",
    "PaymentReaderKeepsAll",
    "PaymentReaderSilent",
    "PayoutUnknown",
    "PinsUnreachable",
    "ScannerBusy",
    "ScannerCoverOpen",
    "ScannerDoubleFeed",
    "ScannerError",
    "ScannerFailed",
    "ScannerJammed",
    "ScannerSilent",
    "ScannerUnreachable",
    "TicketCoverOpen",
    "TicketCutterJammed",
    "TicketPaperOut",
    "TicketPrinterError",
    "TicketPrinterFailed",
    "TicketPrinterUnreachable",
]
