"""The pages behind the front door, and who may open each: one table, and nothing that is not in it.

Invariant: a service that is not here has no way in; whoever is in no course and runs nothing may open none.
"""

from dataclasses import dataclass

from lab_auth.hub import INSTRUCTOR, Person
from lab_platform.viewer import Role


@dataclass(frozen=True)
class Service:
    """One service's page. `group` is what it is started with, `least` the least role that may open it."""

    name: str
    title: str
    group: str
    least: Role = Role.STUDENT


SERVICES = {
    one.name: one
    for one in (
        Service("storage", "Object storage", "core"),
        Service("kafka", "Kafka", "core"),
        Service("spark", "The Spark cluster", "processing"),
        Service("spark-history", "Spark's history", "processing"),
        Service("nifi", "NiFi", "processing", Role.INSTRUCTOR),
        Service("consul", "Consul", "core", Role.OPERATOR),
    )
}

# Which container answers, where it is not called like the service.
HOSTS = {"spark": "spark-master"}


def role_of(person: Person) -> Role | None:
    """Return the highest role that the hub's word gives somebody; graders see what students see."""
    if person.admin:
        return Role.OPERATOR
    roles = frozenset().union(*person.roles.values())
    if INSTRUCTOR in roles:
        return Role.INSTRUCTOR
    return Role.STUDENT if roles else None


def may_open(role: Role | None, service: Service) -> bool:
    return role is not None and role >= service.least
