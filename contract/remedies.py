"""A fault as one sentence for a technician: its cause, then its remedy where it has one."""


def told(fault: BaseException) -> str:
    """Return the cause and, where the fault has a `remedy` that the cause does not name already, the remedy."""
    remedy, cause = getattr(fault, "remedy", ""), str(fault)
    return f"{cause.removesuffix('.')}. {remedy}" if remedy and remedy not in cause else cause
