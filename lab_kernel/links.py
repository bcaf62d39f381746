"""Links to the student's own pages, through the hub.

Invariant: an address is relative to the lab's own prefix, so it works for this student only, on
whatever host and port the class is reached.
"""

from dataclasses import dataclass

from lab_kernel import html, messages


@dataclass(frozen=True)
class Link:
    """An address that shows itself as a link."""

    url: str
    text: str

    def __repr__(self) -> str:
        return f"{self.text}: {self.url}"

    def _repr_html_(self) -> str:
        return html.link(self.url, self.text)


def spark_ui(prefix: str, port: int) -> Link:
    """Spark's pages on this port of the lab, through jupyter-server-proxy."""
    return Link(f"{prefix}proxy/{port}/jobs/", messages.SPARK_UI)


def mlflow_ui(prefix: str) -> Link:
    """MLflow's pages, which jupyter-server-proxy starts at the first visit."""
    return Link(f"{prefix}mlflow/", messages.MLFLOW_UI)
