"""The hub's tables, one file per subject; importing this package makes all of them known to the migrations."""

from hub.store.tables.adapters import MojReport, MojReportState
from hub.store.tables.base import Base
from hub.store.tables.books import MonthPrint, PostCheck, PostCheckSample, RegisterSearch, YearClosing
from hub.store.tables.closings import ClosingRow
from hub.store.tables.deliveries import Delivery, DeliveryState
from hub.store.tables.desk import Claim, HeldDecision, PaperTime
from hub.store.tables.documents import DocumentRow, DocumentState, DocumentUpload, DocumentVersion, DossierRow
from hub.store.tables.enrolment import EnrolmentCode, KioskStart
from hub.store.tables.feedback import FeedbackRow
from hub.store.tables.fingerprints import FingerprintRow
from hub.store.tables.fleet import AlertRow, Kiosk, KioskEvent, LastSeen, VitalsKept
from hub.store.tables.identity import IdentityEvidenceRow
from hub.store.tables.jobs import JOB_OPEN, JobPlace, JobRow, RolloutRow, RolloutState, ShadowRow
from hub.store.tables.journal import AuditRow, Counter, PendingReply
from hub.store.tables.links import CopyLink
from hub.store.tables.papers import DecisionRow, FactRow, RequestRow, RequestState, Verdict
from hub.store.tables.people import Officer, OidcLogin, Session
from hub.store.tables.queue import PartnerBooking, QueueBooking, QueueTicket, TicketState
from hub.store.tables.records import AnnulmentRow, Issue, IssueState, LogCheckpoint, LogLeaf, LogSubtree, RegisterRow
from hub.store.tables.signing import CertificateRow, CopyExtension, Upgrade, UpgradeState
from hub.store.tables.transfers import TransferOrder, TransferRow, TransferState
from hub.store.tables.vouchers import DeviceCertificate, VoucherRow

__all__ = [
    "JOB_OPEN",
    "AlertRow",
    "AnnulmentRow",
    "AuditRow",
    "Base",
    "CertificateRow",
    "Claim",
    "ClosingRow",
    "CopyExtension",
    "CopyLink",
    "Counter",
    "DecisionRow",
    "Delivery",
    "DeliveryState",
    "DeviceCertificate",
    "DocumentRow",
    "DocumentState",
    "DocumentUpload",
    "DocumentVersion",
    "DossierRow",
    "EnrolmentCode",
    "FactRow",
    "FeedbackRow",
    "FingerprintRow",
    "HeldDecision",
    "IdentityEvidenceRow",
    "Issue",
    "IssueState",
    "JobPlace",
    "JobRow",
    "Kiosk",
    "KioskEvent",
    "KioskStart",
    "LastSeen",
    "LogCheckpoint",
    "LogLeaf",
    "LogSubtree",
    "MojReport",
    "MojReportState",
    "MonthPrint",
    "Officer",
    "OidcLogin",
    "PaperTime",
    "PartnerBooking",
    "PendingReply",
    "PostCheck",
    "PostCheckSample",
    "QueueBooking",
    "QueueTicket",
    "RegisterRow",
    "RegisterSearch",
    "RequestRow",
    "RequestState",
    "RolloutRow",
    "RolloutState",
    "Session",
    "ShadowRow",
    "TicketState",
    "TransferOrder",
    "TransferRow",
    "TransferState",
    "Upgrade",
    "UpgradeState",
    "Verdict",
    "VitalsKept",
    "VoucherRow",
    "YearClosing",
]
