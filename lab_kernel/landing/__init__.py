"""The landing zone of lesson 20: the class's, which NiFi fills, or a stand-in in the lab.

Invariant: both take data over HTTP at `listener`, keep a folder for each flow, and name and write files in the same form, so a
lesson is the same on either. The class's is used only if its folder is seen *and* its listener answers; nothing is changed in it.

    from lab_kernel import landing
    zone = landing.zone(lakehouse)
    zone.listener, zone.http, zone.orders, zone.names("http")
    zone.stop()
"""

from typing import Any

from lab_kernel import settings as _settings
from lab_kernel.landing.stand_in import StandIn
from lab_kernel.landing.zone import FLOWS, ClassZone, Zone, answers, arrived

__all__ = ["FLOWS", "ClassZone", "StandIn", "Zone", "arrived", "zone"]


def zone(lakehouse: Any, settings: _settings.Settings | None = None) -> Zone:
    """Returns the class's landing zone, or a stand-in below the lakehouse's own; printed, it says which."""
    found = settings or _settings.read()
    folder = found.landing_zone
    if folder is not None and folder.is_dir() and answers(ClassZone.HOST, found.landing_port):
        return ClassZone(folder, found.landing_port)
    return StandIn(lakehouse)
