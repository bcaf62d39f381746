"""The storage's own account: making and removing accounts, and the buckets' policies.

Invariant: every request is signed with the root key, which leaves this module in no answer, error or log line; every request has a
deadline.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import httpx
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from lab_platform.keys import storage_messages as messages

SECONDS = 5


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

    def accounts(self) -> list[str]:
        """Return the access keys of all accounts. Raises StorageError."""
        root = ElementTree.fromstring(self._ask("list-users"))
        return sorted(found.text for found in root.iter() if found.tag.rpartition("}")[2] == "Access" and found.text)

    def add(self, access: str, secret: str) -> None:
        """Make an account without any right of its own. Raises StorageError."""
        body = f"<Account><Access>{escape(access)}</Access><Secret>{escape(secret)}</Secret><Role>user</Role></Account>"
        self._ask("create-user", body=body)

    def remove(self, access: str) -> None:
        """Remove an account; its next request is refused. Raises StorageError."""
        self._ask("delete-user", {"access": access})

    def set_policy(self, client: BaseClient, bucket: str, wanted: dict) -> None:
        """Make this the bucket's policy, if it is not. Raises StorageError."""
        try:
            if self._policy(client, bucket) == wanted:
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

    def _ask(self, what: str, query: Mapping[str, str] | None = None, body: str = "") -> bytes:
        pairs = "&".join(f"{name}={quote(value, safe='')}" for name, value in (query or {}).items())
        request = AWSRequest("PATCH", f"{self.admin}/{what}" + (f"?{pairs}" if pairs else ""), data=body.encode())
        S3SigV4Auth(Credentials(self.key, self.secret), "s3", self.region).add_auth(request)
        try:
            answer = httpx.request("PATCH", request.url, content=body, headers=dict(request.headers), timeout=SECONDS)
        except httpx.HTTPError as error:
            raise StorageError(messages.SILENT.format(what=what, reason=type(error).__name__)) from error
        if answer.status_code not in (200, 201, 204):
            raise StorageError(messages.REFUSED.format(what=what, status=answer.status_code, answer=answer.text[:300]))
        return answer.content
