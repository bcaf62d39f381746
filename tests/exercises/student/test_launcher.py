"""The launcher's tile leads from wherever the lab is to the service's page."""

from pathlib import Path
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest

from exercises.student import launcher


@pytest.mark.parametrize(
    ("prefix", "base", "page"),
    [
        ("/user/ana/", "/", "/services/exercises/"),
        ("/user/ana/second/", "/", "/services/exercises/"),
        ("/class/user/ana/", "/class/", "/class/services/exercises/"),
    ],
)
def test_the_tile_leads_to_the_services_page(prefix, base, page):
    entry = launcher.server_proxy_entry({"JUPYTERHUB_SERVICE_PREFIX": prefix, "JUPYTERHUB_BASE_URL": base})
    tile = entry["launcher_entry"]
    # The address that the launcher opens is the lab's own with this behind it.
    assert urljoin("http://class.test/", prefix + tile["path_info"]) == "http://class.test" + page
    assert tile["enabled"] and not entry["new_browser_tab"] and not entry.get("command")


def test_without_a_hub_there_is_no_tile():
    assert launcher.server_proxy_entry({})["launcher_entry"]["enabled"] is False


def test_the_icon_is_there():
    icon = Path(launcher.server_proxy_entry({})["launcher_entry"]["icon_path"])
    assert ElementTree.parse(icon).getroot().tag.endswith("svg")
