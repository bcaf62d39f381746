"""Where the parts of a lakehouse lie below its root.

Invariant: pure, and the only place that knows how a root and a part become a location. A root with `{layer}` in it has each part in
a bucket (or folder) of that name, as a class's storage does: `s3a://{layer}/ana` keeps bronze tables in `s3a://bronze/ana`. Any
other root has the parts as folders below it.
"""

LAYERS = ("bronze", "silver", "gold")
LANDING, CHECKPOINTS, WAREHOUSE = "landing", "checkpoints", "warehouse"
PLACE = "{layer}"


def area(root: str, part: str) -> str:
    """The location of one part, such as `bronze`, without a slash at its end."""
    return root.replace(PLACE, part) if PLACE in root else f"{root}/{part}"
