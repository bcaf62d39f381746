"""Who looks at a console: what the front door found out, and nobody else can say.

Invariant: the headers with a person's name and role count only beside the secret that the front door and this service share; what a
browser, or another container, sends under these names is never believed.
"""

import enum
import secrets
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request

from lab_platform import messages

USER_HEADER, ROLE_HEADER, DOOR_HEADER = "x-dataflow-user", "x-dataflow-role", "x-dataflow-door"


class Role(enum.IntEnum):
    """A later one may do whatever an earlier one may."""

    STUDENT = 1
    INSTRUCTOR = 2
    OPERATOR = 3


@dataclass(frozen=True)
class Viewer:
    """Somebody who passed the front door."""

    name: str
    role: Role

    @property
    def sees_everything(self) -> bool:
        """Students see what is theirs and what is shared."""
        return self.role >= Role.INSTRUCTOR


def came_through_the_door(request: Request) -> bool:
    """Whether the front door itself hands this request on."""
    shown = request.headers.get(DOOR_HEADER, "")
    return secrets.compare_digest(shown.encode(), request.app.state.settings.gateway_token.encode())


def viewer(request: Request) -> Viewer:
    """The dependency of every console page. Raises 403 for whatever did not come through the door."""
    name, role = request.headers.get(USER_HEADER, ""), request.headers.get(ROLE_HEADER, "")
    if not came_through_the_door(request) or not name or role.upper() not in Role.__members__:
        raise HTTPException(403, messages.NOT_THROUGH_THE_DOOR)
    return Viewer(name, Role[role.upper()])


Viewing = Annotated[Viewer, Depends(viewer)]
