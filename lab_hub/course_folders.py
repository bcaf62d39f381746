"""A folder for each course, in the labs of its members: read by all of them, written by the course's instructors.

Invariant: which folders a lab sees, and which of them it may write, is decided by the hub's groups at the moment it starts and by
nothing else; a folder of another course is not even mounted. A folder is made once, empty, and never removed by the hub.
"""

from collections.abc import Iterable

from docker.errors import NotFound
from dockerspawner import DockerSpawner
from traitlets import Unicode

from lab_hub import engine
from lab_hub.groups import GROUP
from lab_hub.volume_tar import EMPTY

# Where labs see them; lab_kernel.start links it into the home.
FOLDERS = "/srv/shared"
_WRITES = "instructor"


def of(groups: Iterable[str]) -> dict[str, bool]:
    """Return the courses of somebody in these groups, each with whether its folder may be written."""
    found: dict[str, bool] = {}
    for name in sorted(groups):
        if match := GROUP.fullmatch(name):
            found[match["course"]] = found.get(match["course"], False) or match["role"] == _WRITES
    return found


class CourseFolderSpawner(DockerSpawner):
    """DockerSpawner whose labs see the folders of their person's courses."""

    course_volume = Unicode(config=True, help="Template of the volume of a course's folder ({course}); empty: there are none.")

    # Those of this start.
    course_folders: dict[str, bool] = {}

    @property
    def volume_binds(self) -> dict[str, dict[str, str]]:
        binds = super().volume_binds
        for course, writes in self.course_folders.items():
            binds[self.course_volume.format(course=course)] = {"bind": f"{FOLDERS}/{course}", "mode": "rw" if writes else "ro"}
        return binds

    async def find_course_folders(self, labels: dict[str, str]) -> None:
        """See to it that the folders of this start are there. A lab without one is better than no lab."""
        self.course_folders = {}
        if not self.course_volume:
            return
        for course, writes in of(group.name for group in self.user.groups).items():
            try:
                await self._make_sure_of(self.course_volume.format(course=course), labels)
            except engine.UNREACHABLE as error:
                self.log.error("The lab of %s starts without the folder of %s: %s", self._log_name, course, error)
            else:
                self.course_folders[course] = writes

    async def _make_sure_of(self, volume: str, labels: dict[str, str]) -> None:
        try:
            await self.docker("inspect_volume", volume)
            return
        except NotFound:
            await self.docker("create_volume", volume, labels=labels)
        # The engine gives a new volume the owner of the folder below it, already when a container is made; it is never started.
        host = await self.docker("create_host_config", binds=[f"{volume}:{EMPTY}:rw"], network_mode="none")
        made = await self.docker("create_container", self.image, host_config=host, labels=labels)
        await self.docker("remove_container", made["Id"], force=True)
