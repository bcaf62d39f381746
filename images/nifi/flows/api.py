"""NiFi's REST API, as far as flows need it.

Invariant: each method is one question or one order; a refusal raises FlowError with NiFi's own words.
"""

import json
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from flows import messages

SECONDS = 30


class FlowError(Exception):
    """Said to the person as it is."""


class Nifi:
    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = Request(f"{self._url}{path}", data=data, method=method, headers={"Content-Type": "application/json"})
        try:
            with urlopen(request, timeout=SECONDS) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            words = error.read().decode(errors="replace").strip()
            raise FlowError(messages.REFUSED.format(what=f"{method} {path}", status=error.code, answer=words)) from None
        except (URLError, OSError) as error:
            raise FlowError(messages.NO_ANSWER.format(url=self._url, error=error)) from None

    def groups(self) -> list[dict[str, Any]]:
        """The process groups of the canvas's first level."""
        return self.ask("GET", "/process-groups/root/process-groups")["processGroups"]

    def create(self, name: str, snapshot: dict[str, Any], position: dict[str, float]) -> dict[str, Any]:
        body = {"revision": {"version": 0}, "component": {"name": name, "position": position}, "versionedFlowSnapshot": snapshot}
        return self.ask("POST", "/process-groups/root/process-groups", body)

    def comment(self, group: dict[str, Any], text: str) -> None:
        body = {"revision": group["revision"], "id": group["id"], "component": {"id": group["id"], "comments": text}}
        self.ask("PUT", f"/process-groups/{group['id']}", body)

    def processors(self, group: str) -> list[dict[str, Any]]:
        return self.ask("GET", f"/process-groups/{group}/processors?includeDescendantGroups=true")["processors"]

    def connections(self, group: str) -> list[dict[str, Any]]:
        return self.ask("GET", f"/process-groups/{group}/connections")["connections"]

    def queued(self, group: str) -> int:
        status = self.ask("GET", f"/flow/process-groups/{group}/status?recursive=true")["processGroupStatus"]
        return status["aggregateSnapshot"]["flowFilesQueued"]

    def schedule(self, group: str, state: str) -> None:
        self.ask("PUT", f"/flow/process-groups/{group}", {"id": group, "state": state})

    def services(self, group: str, state: str) -> None:
        """ENABLED or DISABLED, for all controller services of a group."""
        self.ask("PUT", f"/flow/process-groups/{group}/controller-services", {"id": group, "state": state})

    def stop(self, processor: dict[str, Any]) -> None:
        self.ask("PUT", f"/processors/{processor['id']}/run-status", {"revision": processor["revision"], "state": "STOPPED"})

    def delete(self, group: str) -> None:
        revision = self.ask("GET", f"/process-groups/{group}")["revision"]["version"]
        self.ask("DELETE", f"/process-groups/{group}?version={revision}")
