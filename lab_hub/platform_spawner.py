"""A lab's part in the class's platform: its keys come when it starts, and go with the account.

Invariant: what is granted reaches the container's environment and nothing else; it is asked for anew at each start.
"""

from dockerspawner import DockerSpawner
from traitlets import Unicode

from lab_hub import messages, platform


class PlatformSpawner(DockerSpawner):
    """DockerSpawner whose containers know the platform, where one is started."""

    platform_url = Unicode(config=True, help="Where the platform's service answers; empty: labs work by themselves.")
    platform_token = Unicode(config=True, help="What the hub is known by there.")

    granted: platform.Granted = platform.Granted()

    def get_env(self) -> dict[str, str]:
        return {**super().get_env(), **self.granted.environment}

    async def ask_the_platform(self) -> str | None:
        """Get this user's keys; return what to tell about it, if anything."""
        self.granted = platform.Granted()
        if not self.platform_url:
            return None
        try:
            self.granted = await platform.grant(self._asker(), self.user.name)
        except platform.PlatformSilent as error:
            self.log.error("The lab of %s starts without the platform: %s", self._log_name, error)
            return messages.PLATFORM_SILENT
        return messages.PLATFORM_GRANTED if self.granted.environment else None

    async def delete_forever(self) -> None:
        super().delete_forever()
        if self.platform_url:
            try:
                await platform.revoke(self._asker(), self.user.name)
            except platform.PlatformSilent as error:
                self.log.error("The keys of %s on the platform could not be revoked: %s", self._log_name, error)

    def _asker(self) -> platform.Ask:
        return platform.asker(self.platform_url, self.platform_token)
