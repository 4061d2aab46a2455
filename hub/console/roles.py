"""What each role may do at the console: the whole table."""

from enum import StrEnum

from hub.roster import Role


class Permit(StrEnum):
    """One kind of act."""

    SEE_PAPERS = "see papers"
    DECIDE = "decide papers"
    SIGN = "sign"
    READ_REGISTER = "read the register"
    KEEP_BOOKS = "print and close the register"
    POST_CHECK = "check copies afterwards"
    ANNUL = "annul copies"
    PAY_VOUCHERS = "pay vouchers"
    REUSE_DOSSIERS = "take digitised dossiers by their receipt"
    CALL_NUMBERS = "call numbers"
    ANSWER_FEEDBACK = "answer citizens' feedback"
    SEE_CASH = "see the kiosks' cash"
    SEE_FLEET = "see the kiosks"
    RUN_FLEET = "run the kiosks"
    MANAGE_ACCOUNTS = "manage accounts"
    READ_AUDIT = "read the audit trail"
    READ_STATISTICS = "read statistics"
    POST_COPIES = "post copies"
    SEE_HEALTH = "see the health of signing"


_P = Permit
_TABLE: dict[Role, frozenset[Permit]] = {
    Role.INTAKE: frozenset(
        {
            _P.SEE_PAPERS, _P.DECIDE, _P.READ_REGISTER, _P.PAY_VOUCHERS, _P.REUSE_DOSSIERS, _P.POST_COPIES,
            _P.CALL_NUMBERS, _P.READ_STATISTICS,
        }
    ),
    Role.CERTIFIER: frozenset(
        {
            _P.SEE_PAPERS, _P.DECIDE, _P.SIGN, _P.SEE_CASH, _P.READ_REGISTER, _P.KEEP_BOOKS, _P.POST_CHECK, _P.ANNUL,
            _P.PAY_VOUCHERS, _P.REUSE_DOSSIERS, _P.POST_COPIES, _P.CALL_NUMBERS, _P.READ_STATISTICS, _P.SEE_HEALTH,
        }
    ),
    Role.AGENCY_SEAL: frozenset({_P.READ_REGISTER, _P.READ_STATISTICS}),
    Role.CLERK: frozenset(
        {
            _P.READ_REGISTER, _P.KEEP_BOOKS, _P.PAY_VOUCHERS, _P.REUSE_DOSSIERS, _P.POST_COPIES,
            _P.CALL_NUMBERS, _P.SEE_CASH, _P.READ_STATISTICS, _P.ANSWER_FEEDBACK,
        }
    ),
    Role.OPERATOR: frozenset(
        {_P.SEE_FLEET, _P.RUN_FLEET, _P.SEE_CASH, _P.READ_STATISTICS, _P.SEE_HEALTH, _P.ANSWER_FEEDBACK}
    ),
    Role.ADMINISTRATOR: frozenset(
        {_P.MANAGE_ACCOUNTS, _P.SEE_FLEET, _P.READ_AUDIT, _P.READ_STATISTICS, _P.SEE_HEALTH}
    ),
    Role.AUDITOR: frozenset(
        {_P.READ_AUDIT, _P.SEE_FLEET, _P.SEE_CASH, _P.READ_REGISTER, _P.POST_CHECK, _P.READ_STATISTICS, _P.SEE_HEALTH}
    ),
}  # fmt: skip


def may(role: str, permit: Permit) -> bool:
    """Return whether the role includes the act; the law's own conditions (authority in force, R2) come on top."""
    return permit in _TABLE[Role(role)]
