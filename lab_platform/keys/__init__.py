"""What each student's lab needs to use a service: made at spawn, revoked when the account goes (or, if the
service is off then, as soon as it is back).

A service has a module here of its own name with `make(settings) -> Keys`; `api` joins them for the hub. A service whose module is
not there, or that does not run, is named as missing and stops nothing.
"""

from typing import Protocol


class Keys(Protocol):
    """One service's keys. All are safe to call again."""

    def running(self) -> bool:
        """Whether the service can be reached now; answers within seconds."""

    def users(self) -> set[str]:
        """Whose keys there are, as the service itself says."""

    def grant(self, user: str, since: float = 0) -> dict[str, str]:
        """Create or renew the user's keys; return the variables that their lab is given.

        Keys from before `since` (seconds since 1970), when the account was made, were somebody else's of the same name.
        """

    def revoke(self, user: str) -> None:
        """Take the user's keys away; what they stored stays."""
