"""Containers of labs that the hub does not know, and homes that belong to no account.

Invariant: only what carries this class's own label or name is looked at, and not before a start could be over; a home is never
removed.
"""

import datetime

from lab_hub import doctor_messages as messages
from lab_hub import doctor_routes, engine
from lab_hub.account_store import AccountStore
from lab_hub.finding import Finding, well, worth_knowing, wrong
from lab_hub.labels import LABEL_PART, LABEL_PROJECT, LABEL_USER
from lab_hub.settings import Settings


def check(found: Settings, fix: bool) -> Finding:
    lost = unknown(found, datetime.datetime.now(datetime.UTC))
    if lost and fix:
        for name in lost:
            engine.client().remove_container(name, v=False, force=True)
        return well(messages.ORPHANS_FIXED.format(names=", ".join(lost)))
    if lost:
        return wrong(messages.ORPHANS_FOUND.format(names=", ".join(lost)), messages.ORPHANS_REMEDY.format(names=" ".join(lost)))
    homes, of_nobody = homes_by_owner(found)
    if of_nobody:
        return worth_knowing(
            messages.HOMES_OF_NOBODY.format(names=", ".join(of_nobody)), messages.HOMES_REMEDY.format(names=" ".join(of_nobody)))
    return well(messages.ORPHANS_NONE.format(homes=len(homes)))


def unknown(found: Settings, now: datetime.datetime) -> list[str]:
    """Return the labs' containers of this class that belong to no running lab, by name."""
    labels = [f"{LABEL_PROJECT}={found.project}", f"{LABEL_PART}=lab"]
    containers = engine.client().containers(all=True, filters={"label": labels})
    known = doctor_routes.running(found.database_url)
    # A lab that is just starting is not in the database yet, nor is one that is just ending still there.
    latest = now.timestamp() - found.lab_start_seconds - 30
    old = [one for one in containers if one["Created"] < latest]
    return sorted(one["Names"][0].lstrip("/") for one in old if one["Labels"].get(LABEL_USER) not in known)


def homes_by_owner(found: Settings) -> tuple[list[str], list[str]]:
    """Return the class's homes, and those of them that belong to no account."""
    prefix = found.home_volume.format(username="")
    names = [one["Name"] for one in engine.client().volumes(filters={"name": prefix})["Volumes"] or []]
    homes = sorted(name for name in names if name.startswith(prefix))
    owned = {found.home_volume.format(username=name) for name in AccountStore(found.database_url).known()}
    return homes, [name for name in homes if name not in owned]
