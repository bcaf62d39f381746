"""A lab's part in the class's platform: keys that come when it starts and go with the account, a landing zone that it can read.

Invariant: what is granted reaches the container's environment and nothing else; it is asked for anew at each start. A volume is
mounted only when it is there: the engine would make a missing one, and it would not be the platform's.
"""

from docker.errors import NotFound
from dockerspawner import DockerSpawner
from traitlets import Unicode

from lab_hub import engine, messages, platform

# Where the platform's own containers have it too.
LANDING_ZONE = "/srv/landing"


class PlatformSpawner(DockerSpawner):
    """DockerSpawner whose containers know the platform, where one is started."""

    platform_url = Unicode(config=True, help="Where the platform's service answers; empty: labs work by themselves.")
    platform_token = Unicode(config=True, help="What the hub is known by there.")

    landing_volume = Unicode(config=True, help="The volume in which the platform leaves files for bronze; empty: labs see none.")

    granted: platform.Granted = platform.Granted()
    sees_landing_zone = False

    def get_env(self) -> dict[str, str]:
        zone = {"LANDING_ZONE": LANDING_ZONE} if self.sees_landing_zone else {}
        return {**super().get_env(), **zone, **self.granted.environment}

    @property
    def volume_binds(self) -> dict[str, dict[str, str]]:
        binds = super().volume_binds
        if self.sees_landing_zone:
            binds[self.landing_volume] = {"bind": LANDING_ZONE, "mode": "ro"}
        return binds

    async def ask_the_platform(self) -> str | None:
        """Get this user's keys; return what to tell about it, if anything."""
        self.granted, self.sees_landing_zone = platform.Granted(), False
        if not self.platform_url:
            return None
        self.sees_landing_zone = await self._landing_zone_is_there()
        try:
            self.granted = await platform.grant(self._asker(), self.user.name, self.user.orm_user.created)
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

    async def _landing_zone_is_there(self) -> bool:
        if not self.landing_volume:
            return False
        try:
            await self.docker("inspect_volume", self.landing_volume)
        except NotFound:
            return False
        except engine.UNREACHABLE as error:
            self.log.warning("The lab of %s starts without the landing zone: %s", self._log_name, error)
            return False
        return True

    def _asker(self) -> platform.Ask:
        return platform.asker(self.platform_url, self.platform_token)
