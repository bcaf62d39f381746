"""What each student's lab needs to use a service: made at spawn, revoked when the account goes.

A service has a module here of its own name with `make(settings) -> Keys`; `api` joins them for the hub. A service whose module is
not there, or that does not run, is named as missing and stops nothing.
"""

from typing import Protocol


class Keys(Protocol):
    """One service's keys. All three are safe to call again."""

    def running(self) -> bool:
        """Whether the service can be reached now; answers within seconds."""

    def grant(self, user: str) -> dict[str, str]:
        """Create or renew the user's keys; return the variables that their lab is given."""

    def revoke(self, user: str) -> None:
        """Take the user's keys away; what they stored stays."""
