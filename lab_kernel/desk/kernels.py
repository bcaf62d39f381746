"""The kernels of a lab's server: none is started in a home that is far over its quota, none ends while its Spark works.

Invariant: only starting is refused, with the reason and the remedy; what runs goes on, and files, terminals and pages work as ever.
"""

import time
from typing import Any

from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from tornado import web

from lab_kernel import activity
from lab_kernel.desk import messages, notices
from lab_kernel.settings import read as read_settings

# The server has other words for this status; the person reads ours.
INSUFFICIENT_STORAGE = 507


class LabKernelManager(AsyncMappingKernelManager):
    """Knows the home once the desk is set up."""

    home = None

    async def start_kernel(self, *args: Any, **kwargs: Any) -> str:
        if self.home is not None and not await self.home.allows_a_notebook():
            reason = notices.about(messages.NO_KERNEL, self.home)
            self.log.warning(reason.replace("\n", " "))
            raise web.HTTPError(INSUFFICIENT_STORAGE, reason)
        return await super().start_kernel(*args, **kwargs)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """A stream goes on while its kernel is idle, as far as the kernel's own state says."""
        folder = read_settings().state_dir
        if activity.latest(folder, time.time(), kernel_id) is None:
            await super().cull_kernel_if_idle(kernel_id)
