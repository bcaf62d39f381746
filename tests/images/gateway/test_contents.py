"""What the image of the services' front door contains, and what it must not."""

import pytest

from tests.helpers import images
from tests.helpers.versions import Versions

pytestmark = pytest.mark.docker


def test_it_is_a_services_image(settings: Versions) -> None:
    images.assert_is_a_service(images.look(settings["GATEWAY_IMAGE"]))


def test_it_has_nginx_that_can_ask_who_may_pass(settings: Versions) -> None:
    built = images.inside(settings["GATEWAY_IMAGE"], "sh", "-c", "/usr/sbin/nginx -V 2>&1")
    assert "--with-http_auth_request_module" in built


def test_it_brings_no_pages_of_its_own(settings: Versions) -> None:
    assert images.inside(settings["GATEWAY_IMAGE"], "sh", "-c", "ls /etc/nginx/sites-enabled 2> /dev/null || true") == ""
