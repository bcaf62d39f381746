"""What a lab may use, and what it is told of its limits.

Invariant: the limits are those of the person's groups at the moment of the start; the lab's own server knows the same numbers, so
that what it shows and what the engine enforces are one.
"""

from dockerspawner import DockerSpawner
from traitlets import Dict, Float, Instance, Integer

from lab_hub.limits import Limits, of


class LimitedSpawner(DockerSpawner):
    """DockerSpawner whose limits depend on groups."""

    pids_limit = Integer(config=True, help="Most processes and threads in one lab.")
    limits = Instance(Limits, allow_none=True, config=True, help="What every lab may use; without it, mem_limit and so on.")
    limits_by_group = Dict(config=True, help="What is added to it, by role (grader) or by group (course-sql-student).")
    home_full_percent = Integer(120, config=True, help="At how many percent of a home's quota no notebook can be started any more.")
    shared_quota = Integer(0, config=True, help="What a course's folder may hold before who writes it is told; 0: no limit.")
    warn_seconds = Integer(600, config=True, help="How long before an idle lab stops its person is told so.")
    kernel_idle_seconds = Integer(3600, config=True, help="How long a kernel without a page may be idle.")
    idle_seconds = Integer(3600, config=True, help="How long a lab may be idle.")
    home_quota = Float(0)

    def limit_by_groups(self) -> None:
        """Before each start."""
        if self.limits is None:
            return
        mine = of(self.limits, self.limits_by_group, [group.name for group in self.user.groups])
        self.mem_limit, self.cpu_limit, self.pids_limit, self.home_quota = mine.memory, mine.cpus, mine.pids, mine.home

    def get_env(self) -> dict[str, str]:
        return {
            **super().get_env(),
            "DATAFLOW_HOME_QUOTA": str(int(self.home_quota)),
            "DATAFLOW_SHARED_QUOTA": str(self.shared_quota),
            "DATAFLOW_HOME_FULL_PERCENT": str(self.home_full_percent),
            "DATAFLOW_IDLE_SECONDS": str(self.idle_seconds),
            "DATAFLOW_IDLE_WARN_SECONDS": str(self.warn_seconds),
            "DATAFLOW_KERNEL_IDLE_SECONDS": str(self.kernel_idle_seconds),
        }
