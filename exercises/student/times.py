"""Times and lengths as people read them. Pure."""

from datetime import UTC, datetime

from exercises.student import messages

MINUTE, HOUR, DAY = 60, 3600, 86400


def when(iso: str | None) -> str:
    """Return the server's time, or that there is none."""
    return messages.NO_DUE if iso is None else _parsed(iso).strftime(messages.TIME)


def exact(iso: str) -> str:
    return _parsed(iso).strftime(messages.TIME_EXACT)


def length(seconds: float) -> str:
    """Return the two largest units of a length."""
    whole = max(0, int(seconds))
    fields = {"days": whole // DAY, "hours": whole % DAY // HOUR, "minutes": whole % HOUR // MINUTE, "seconds": whole}
    forms = ((DAY, messages.DAYS), (HOUR, messages.HOURS), (MINUTE, messages.MINUTES), (0, messages.SECONDS))
    return next(form for least, form in forms if whole >= least).format(**fields)


def _parsed(iso: str) -> datetime:
    return datetime.fromisoformat(iso).astimezone(UTC)
