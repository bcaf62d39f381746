"""What differs between the servers that the object storage can be: how its accounts are made, and what it calls them.

Invariant: an account has the same name on each (lab_platform/keys/storage_policy.py) and no right of its own; once it is removed,
its next request is refused. A server says itself which kind it is, so nobody has to be told when a class changes to another.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlencode
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from lab_platform.keys.storage_policy import user_of


@dataclass(frozen=True)
class Question:
    """A request to where accounts are made. `known` are refusals that are no failure, by a word of the answer."""

    method: str
    path: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    service: str = "s3"
    content: str = "application/xml"
    known: tuple[str, ...] = ()


Ask = Callable[[Question], bytes]


class Kind(Protocol):
    """One sort of server; `by_bucket`: rights are in the buckets' policies. Everything raises what `ask` raises."""

    by_bucket: bool

    def accounts(self, ask: Ask) -> list[str]:
        """Names of all accounts but the storage's own."""

    def add(self, ask: Ask, account: str, secret: str) -> None:
        """Make an account, or what is missing of one."""

    def remove(self, ask: Ask, account: str) -> None:
        """Remove an account."""

    def access_key(self, account: str) -> str:
        """What the account signs its requests with, beside the secret."""

    def rights(self, ask: Ask, account: str, policy: dict) -> None:
        """Give an account rights of its own, unless they are in the buckets' policies."""


class Versitygw:
    """An account is its access key; accounts are made over an interface of its own."""

    by_bucket = True

    def accounts(self, ask: Ask) -> list[str]:
        return sorted(_texts(ask(Question("PATCH", "list-users")), "Access"))

    def add(self, ask: Ask, account: str, secret: str) -> None:
        body = f"<Account><Access>{escape(account)}</Access><Secret>{escape(secret)}</Secret><Role>user</Role></Account>"
        ask(Question("PATCH", "create-user", body=body, known=("XAdminUserExists",)))

    def remove(self, ask: Ask, account: str) -> None:
        ask(Question("PATCH", "delete-user", {"access": account}))

    def access_key(self, account: str) -> str:
        return account

    def rights(self, ask: Ask, account: str, policy: dict) -> None:
        """Nothing to do."""


class SeaweedFS:
    """A user with one access key, made over AWS's interface for them (IAM), which takes keys that the caller has chosen.

    Rights are the user's: a bucket's policy may have 20 kB, as on AWS, which is two dozen students.
    """

    by_bucket = False
    KEY_LENGTH = 32

    def accounts(self, ask: Ask) -> list[str]:
        return sorted(name for name in _texts(ask(self._iam("ListUsers")), "UserName") if user_of(name))

    def add(self, ask: Ask, account: str, secret: str) -> None:
        exists = ("EntityAlreadyExists",)
        ask(self._iam("CreateUser", exists, UserName=account))
        key = {"AccessKeyId": self.access_key(account), "SecretAccessKey": secret}
        ask(self._iam("CreateAccessKey", exists, UserName=account, **key))

    def remove(self, ask: Ask, account: str) -> None:
        # A user with a key is not removed; without its key it can do nothing already.
        ask(self._iam("DeleteAccessKey", UserName=account, AccessKeyId=self.access_key(account)))
        ask(self._iam("DeleteUserPolicy", ("NoSuchEntity",), UserName=account, PolicyName="own"))
        ask(self._iam("DeleteUser", ("NoSuchEntity",), UserName=account))

    def access_key(self, account: str) -> str:
        """Letters and digits only, so not the account's name."""
        return hashlib.sha256(account.encode()).hexdigest()[: self.KEY_LENGTH]

    def rights(self, ask: Ask, account: str, policy: dict) -> None:
        ask(self._iam("PutUserPolicy", UserName=account, PolicyName="own", PolicyDocument=json.dumps(policy)))

    @staticmethod
    def _iam(action: str, known: tuple[str, ...] = (), **fields: str) -> Question:
        body = urlencode({"Action": action, "Version": "2010-05-08", **fields})
        return Question("POST", body=body, service="iam", content="application/x-www-form-urlencoded", known=known)


# By the first word of the answers' header `Server`, in small letters.
KINDS: Mapping[str, Kind] = {"versitygw": Versitygw(), "seaweedfs": SeaweedFS()}


def _texts(answer: bytes, tag: str) -> list[str]:
    return [one.text for one in ElementTree.fromstring(answer).iter() if one.tag.rpartition("}")[2] == tag and one.text]
