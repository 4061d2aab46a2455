"""What the address of a database says: whether it is behind the socket of Debian's PostgreSQL on this machine."""

from sqlalchemy.engine import make_url

_SOCKET = "/run/postgresql"


def name_on_this_machine(url: str) -> str:
    """Return the database's name, empty where it is another kind or lies elsewhere."""
    if not url:
        return ""
    parts = make_url(url)
    return (parts.database or "") if parts.query.get("host") == _SOCKET else ""
