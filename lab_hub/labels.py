"""What the class's containers and volumes say of themselves to the engine.

Invariant: names alone, without an import: whoever looks for containers from a command line is not to wait for the hub's parts.
"""

LABEL_PROJECT = "dataflow.project"
LABEL_USER = "dataflow.user"
LABEL_PART = "dataflow.part"
