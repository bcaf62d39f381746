"""A student's keys to the object storage.

Invariant: a user has one account at most, and it opens their own folder of every bucket and the shared one for reading. Its secret
is computed from the root secret and its name, so it is kept nowhere and is the same until the account is removed; a new
account has a new name, with the time in it. Nothing is remembered here: what the storage says is what counts.
"""

import hashlib
import hmac
import secrets
import socket
import threading
import time
from urllib.parse import urlsplit

from lab_platform.keys import storage_policy as policy
from lab_platform.keys.storage_server import Server
from lab_platform.settings import Settings

HOST, ADMIN_HOST = "storage", "storage-admin"
ROOT_KEY, ROOT_SECRET = "storage_root_key", "storage_root_secret"
RANDOM_BYTES = 6
REACH_SECONDS = 2


class StorageKeys:
    """Grants and revokes. Safe to use from several threads of the one process that does it."""

    def __init__(self, server: Server, buckets: tuple[str, ...]) -> None:
        self.server, self.buckets = server, buckets
        self._lock = threading.Lock()

    def running(self) -> bool:
        """Whether the storage can be reached now."""
        address = urlsplit(self.server.endpoint)
        try:
            with socket.create_connection((address.hostname, address.port), REACH_SECONDS):
                return True
        except OSError:
            return False

    def users(self) -> set[str]:
        """Return whose accounts there are. Raises StorageError."""
        return {user for user in map(policy.user_of, self.server.accounts()) if user}

    def grant(self, user: str, since: float = 0) -> dict[str, str]:
        """Return what the user's lab needs; make the account if there is none. Raises StorageError."""
        with self._lock:
            accounts = self.server.accounts()
            for account in [one for one in accounts if policy.user_of(one) == user and policy.made_before(one, since)]:
                self.server.remove(account)
                accounts.remove(account)
            own = [account for account in accounts if policy.user_of(account) == user]
            if not own:
                own = [policy.new_account(user, time.time(), secrets.token_hex(RANDOM_BYTES))]
                accounts.append(own[0])
            # One that is there is made whole, should it have been left half made.
            self.server.add(own[0], self._secret(own[0]))
            self.server.rights(own[0], policy.of_account(own[0], self.buckets))
            self._write_policies(accounts)
        return {
            # Each layer is a bucket; the kernel puts its name in the place of {layer}.
            "LAKEHOUSE_ROOT": f"s3a://{{layer}}/{policy.folder(user)}",
            "AWS_ACCESS_KEY_ID": self.server.access_key(own[0]),
            "AWS_SECRET_ACCESS_KEY": self._secret(own[0]),
            "AWS_ENDPOINT_URL": self.server.endpoint,
            "S3_ENDPOINT": self.server.endpoint,
            "AWS_REGION": self.server.region,
            "AWS_DEFAULT_REGION": self.server.region,
        }

    def revoke(self, user: str) -> None:
        """Make the user's key worthless at once; their files stay. Raises StorageError."""
        with self._lock:
            accounts = self.server.accounts()
            for account in accounts:
                if policy.user_of(account) == user:
                    self.server.remove(account)
            self._write_policies([account for account in accounts if policy.user_of(account) != user])

    def _write_policies(self, accounts: list[str]) -> None:
        if not self.server.kind().by_bucket:
            return
        client = self.server.client()
        try:
            for bucket in self.buckets:
                self.server.set_policy(client, bucket, policy.document(bucket, accounts))
        finally:
            client.close()

    def _secret(self, account: str) -> str:
        return hmac.new(self.server.secret.encode(), account.encode(), hashlib.sha256).hexdigest()


def server(settings: Settings) -> Server:
    """Where the storage of this class answers. Raises SettingsError."""
    return Server(
        endpoint=f"http://{HOST}:{settings.port_of('STORAGE_PORT')}",
        admin=f"http://{ADMIN_HOST}:{settings.port_of('STORAGE_ADMIN_PORT')}",
        region=settings.text("STORAGE_REGION"),
        key=settings.secret(ROOT_KEY),
        secret=settings.secret(ROOT_SECRET),
    )


def make(settings: Settings) -> StorageKeys:
    """What makes the storage's keys in this class. Raises SettingsError."""
    return StorageKeys(server(settings), tuple(settings.text("STORAGE_BUCKETS").split()))
