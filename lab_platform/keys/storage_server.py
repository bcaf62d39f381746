"""The storage's own account: making and removing accounts, and the buckets' policies.

Invariant: whatever is asked of accounts and policies is signed with the root key, which leaves this module in no answer, error or
log line; every request has a deadline.
"""

import json
from dataclasses import dataclass
from urllib.parse import quote

import httpx
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from lab_platform.keys import storage_messages as messages
from lab_platform.keys.storage_kinds import KINDS, Kind, Question

SECONDS = 5
# No connection is kept: a storage that was started again would answer on none of them.
HTTP = httpx.Client(timeout=SECONDS, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))


class StorageError(RuntimeError):
    """The storage did not do what was asked; the message says what and why."""


@dataclass(frozen=True)
class Server:
    """Where the storage answers, and its root key."""

    endpoint: str
    admin: str
    region: str
    key: str
    secret: str

    def client(self) -> BaseClient:
        """Return an S3 client with all rights."""
        return Session().create_client(
            "s3",
            region_name=self.region,
            endpoint_url=self.endpoint,
            aws_access_key_id=self.key,
            aws_secret_access_key=self.secret,
            config=Config(
                connect_timeout=SECONDS,
                read_timeout=4 * SECONDS,
                retries={"total_max_attempts": 2},
                s3={"addressing_style": "path"},
                ignore_configured_endpoint_urls=True,
            ),
        )

    def kind(self) -> Kind:
        """Return how accounts are made here, as the server says now: another may have taken its place. Raises StorageError."""
        try:
            named = HTTP.get(self.endpoint).headers.get("server", "")
        except httpx.HTTPError as error:
            raise StorageError(messages.SILENT.format(what="a plain request", reason=type(error).__name__)) from error
        try:
            return KINDS[named.lower().partition(" ")[0]]
        except KeyError:
            raise StorageError(messages.UNKNOWN_KIND.format(named=named, known=", ".join(KINDS))) from None

    def accounts(self) -> list[str]:
        """Return the names of all accounts but its own. Raises StorageError."""
        return self.kind().accounts(self._ask)

    def add(self, account: str, secret: str) -> None:
        """Make an account without any right of its own, or what is missing of it. Raises StorageError."""
        self.kind().add(self._ask, account, secret)

    def remove(self, account: str) -> None:
        """Remove an account; its next request is refused. Raises StorageError."""
        self.kind().remove(self._ask, account)

    def rights(self, account: str, policy: dict) -> None:
        """Give an account rights of its own, unless they are in the buckets' policies. Raises StorageError."""
        self.kind().rights(self._ask, account, policy)

    def access_key(self, account: str) -> str:
        """Return what an account signs with, beside its secret. Raises StorageError."""
        return self.kind().access_key(account)

    def set_policy(self, client: BaseClient, bucket: str, wanted: dict) -> None:
        """Make this the bucket's policy, if it is not. Raises StorageError."""
        try:
            if _plain(self._policy(client, bucket)) == _plain(wanted):
                return
            if wanted["Statement"]:
                client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(wanted))
            else:
                client.delete_bucket_policy(Bucket=bucket)
        except (BotoCoreError, ClientError) as error:
            raise StorageError(messages.POLICY_FAILED.format(bucket=bucket, reason=error)) from error

    @staticmethod
    def _policy(client: BaseClient, bucket: str) -> dict | None:
        try:
            return json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchBucketPolicy":
                return None
            raise

    def _ask(self, question: Question) -> bytes:
        what = question.path or question.body.partition("&")[0]
        pairs = "&".join(f"{name}={quote(value, safe='')}" for name, value in question.query.items())
        address = f"{self.admin}/{question.path}" + (f"?{pairs}" if pairs else "")
        request = AWSRequest(question.method, address, data=question.body.encode(), headers={"Content-Type": question.content})
        signer = S3SigV4Auth if question.service == "s3" else SigV4Auth
        signer(Credentials(self.key, self.secret), question.service, self.region).add_auth(request)
        try:
            answer = HTTP.request(question.method, address, content=question.body, headers=dict(request.headers))
        except httpx.HTTPError as error:
            raise StorageError(messages.SILENT.format(what=what, reason=type(error).__name__)) from error
        if answer.status_code not in (200, 201, 204) and not any(word in answer.text for word in question.known):
            raise StorageError(messages.REFUSED.format(what=what, status=answer.status_code, answer=answer.text[:300]))
        return answer.content


def _plain(policy: object) -> object:
    """A policy as its language means it: a list of one is the one, which is how some servers give it back."""
    if isinstance(policy, dict):
        return {name: _plain(one) for name, one in policy.items()}
    if isinstance(policy, list):
        return _plain(policy[0]) if len(policy) == 1 else [_plain(one) for one in policy]
    return policy
