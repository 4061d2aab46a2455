"""The agency's trust bundle as a receiver keeps it: a signed one is held against the root pinned beside it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hub.verify import bundle, trust
from hub.verify.trust import Trust, TrustUnreadable

UNSIGNED = (
    "Lưu ý: bộ chứng thư này không có chữ ký; tin được hay không là do nơi đã lấy nó.\n"
    "       (The bundle is unsigned: it is as good as the place it came from. Better: trust.jws with --anchor.)"
)
_OLD = (
    "Lưu ý: bộ chứng thư đã {days} ngày tuổi; bản sao bị hủy bỏ sau ngày {day} chưa thấy được ở đây.\n"
    "       (The bundle is {days} days old: annulments after that day are unknown. Fetch trust.jws again.)"
)
_AHEAD = (
    "Lưu ý: bộ chứng thư lập sau giờ của máy này; hãy chỉnh đồng hồ.\n"
    "       (The bundle was made later than this machine's clock says: set the clock.)"
)
_CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is trusted, and the root's fingerprint where the bundle is signed (else empty)."""

    trust: Trust
    pin: str


def load(path: Path, now: datetime, anchor: str = "") -> Known:
    """Return the bundle in a file, plain or signed; raise TrustUnreadable.

    A signed one needs the root's fingerprint: given once as `anchor`, then remembered in `<file>.anchor`.
    """
    payload = _read(path)
    if not bundle.is_signed(payload):
        if anchor:
            raise TrustUnreadable(f"{path} is not signed, so it can't be held against an anchor. Use trust.jws.")
        return Known(trust=trust.parse(payload), pin="")
    pin = _pin(path, anchor)
    opened = bundle.opened(payload, pin, now)
    if anchor:
        _pin_file(path).write_text(pin + "\n", encoding="ascii")
    return Known(trust=opened, pin=pin)


def remarks(known: Known, now: datetime) -> list[str]:
    """Return what its user must know about the bundle itself."""
    age = bundle.age(known.trust, now)
    said = [] if known.pin else [UNSIGNED]
    if age > bundle.OLD_AFTER:
        said.append(_OLD.format(days=age.days, day=f"{known.trust.issued_at:%d/%m/%Y}"))
    if age < -_CLOCKS_DIFFER:
        said.append(_AHEAD)
    return said


def _pin(path: Path, anchor: str) -> str:
    kept = _pin_file(path)
    before = bundle.tidy_pin(kept.read_text(encoding="ascii")) if kept.exists() else ""
    given = bundle.tidy_pin(anchor) if anchor else before
    if before and given != before:
        raise TrustUnreadable(f"{kept} remembers another anchor ({before}). Remove it only if the root really changed.")
    if not given:
        raise bundle.NotPinned(
            f"{path} is signed, but no root is pinned yet: give its fingerprint once with --anchor sha256:…, "
            "as the agency's notice or its page /trust shows it."
        )
    return given


def _pin_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.anchor")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise TrustUnreadable(f"{path}: {fault.strerror}. Name the agency's bundle with --trust FILE.") from fault
