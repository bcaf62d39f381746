"""Each student's user on the broker: a password, what they may do, and how fast.

Invariant: a user may do everything with what begins with their own prefix, read what is shared, and nothing else; a password exists
in the lab that was given it and, salted and hashed, in the broker. Granting again makes a new password, so an old lab's ends.
"""

import secrets
from collections.abc import Mapping

from kafka.admin import (
    ACL,
    ACLFilter,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourcePatternFilter,
    ResourceType,
    UserScramCredentialDeletion,
    UserScramCredentialUpsertion,
)

from lab_platform.keys import kafka_names as names
from lab_platform.keys.kafka_admin import MECHANISM, REFUSED, Access, Refused, access, set_quotas
from lab_platform.settings import Settings

PASSWORD_BYTES = 24

# ALTER and ALTER_CONFIGS are left out: how much a topic may keep is the class's matter, not its owner's.
_OWN = {
    ResourceType.TOPIC: ("READ", "WRITE", "CREATE", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS"),
    ResourceType.GROUP: ("READ", "DESCRIBE", "DELETE"),
    ResourceType.TRANSACTIONAL_ID: ("WRITE", "DESCRIBE"),
}
_SHARED = {ResourceType.TOPIC: ("READ", "DESCRIBE", "DESCRIBE_CONFIGS")}


def make(settings: Settings) -> "KafkaKeys":
    """Return the keys of the broker that the container's settings name. Raises SettingsError."""
    quotas = {
        "producer_byte_rate": float(settings.text("KAFKA_STUDENT_BYTES_IN")),
        "consumer_byte_rate": float(settings.text("KAFKA_STUDENT_BYTES_OUT")),
        "request_percentage": float(settings.text("KAFKA_STUDENT_PERCENT")),
    }
    return KafkaKeys(access(settings), quotas)


class KafkaKeys:
    """See `lab_platform.keys.Keys`."""

    def __init__(self, broker: Access, quotas: Mapping[str, float]) -> None:
        self._broker = broker
        self._quotas = quotas

    def running(self) -> bool:
        return self._broker.running()

    def users(self) -> set[str]:
        """Whoever has a password or a right; accounts that no person's name can be are none of ours."""
        with self._broker.admin() as admin:
            logins = set(admin.describe_user_scram_credentials())
            rights, error = admin.describe_acls(_all_rights(None))
            if error.errno:
                raise Refused(REFUSED.format(what="listing the rights", reason=error.__name__))
            logins.update(one.principal.removeprefix("User:") for one in rights)
        return {user for user in map(names.user, logins) if user is not None}

    def grant(self, user: str, since: float = 0) -> dict[str, str]:
        login, password = names.login(user), secrets.token_urlsafe(PASSWORD_BYTES)
        with self._broker.admin() as admin:
            set_quotas(admin, login, self._quotas)
            outcome = admin.create_acls(_rights(login, names.prefix(user)))
            if outcome["failed"]:
                raise Refused(REFUSED.format(what=f"rights of {login}", reason=outcome["failed"][0].__name__))
            # Last: who can log in has their rights and limits already.
            told = admin.alter_user_scram_credentials([UserScramCredentialUpsertion(login, MECHANISM, password)])
            if told.get(login):
                raise Refused(REFUSED.format(what=f"password of {login}", reason=told[login]))
        return {"KAFKA_BOOTSTRAP": self._broker.bootstrap, "KAFKA_USER": login, "KAFKA_PASSWORD": password}

    def revoke(self, user: str) -> None:
        login = names.login(user)
        with self._broker.admin() as admin:
            known = admin.describe_user_scram_credentials([login]).get(login, {})
            if known.get("credential_infos"):
                told = admin.alter_user_scram_credentials([UserScramCredentialDeletion(login, MECHANISM)])
                if told.get(login):
                    raise Refused(REFUSED.format(what=f"taking the password of {login} away", reason=told[login]))
            # A connection that is open stays open: without rights it can do nothing.
            for _, _, error in admin.delete_acls([_all_rights(login)]):
                if error.errno:
                    raise Refused(REFUSED.format(what=f"taking the rights of {login} away", reason=error.__name__))
            set_quotas(admin, login, dict.fromkeys(self._quotas))


def _rights(login: str, prefix: str) -> list[ACL]:
    return [
        ACL(
            principal=f"User:{login}",
            host="*",
            operation=ACLOperation[operation],
            permission_type=ACLPermissionType.ALLOW,
            resource_pattern=ResourcePattern(kind, begins, ACLResourcePatternType.PREFIXED),
        )
        for begins, rights in ((prefix, _OWN), (names.SHARED, _SHARED))
        for kind, operations in rights.items()
        for operation in operations
    ]


def _all_rights(login: str | None) -> ACLFilter:
    """All rights of one, or (None) of everybody."""
    return ACLFilter(
        principal=login and f"User:{login}",
        host=None,
        operation=ACLOperation.ANY,
        permission_type=ACLPermissionType.ANY,
        resource_pattern=ResourcePatternFilter(ResourceType.ANY, None, ACLResourcePatternType.ANY),
    )
