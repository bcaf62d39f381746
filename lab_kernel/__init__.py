"""What runs in a student's lab.

Invariant: importing this package is cheap; neither pyspark nor pandas is imported before a session is
wanted. `%load_ext lab_kernel` (the kernelspec does it) is the only thing that has side effects.
"""


def __getattr__(name):
    """`from lab_kernel import tuned`, without loading it for everybody who imports the package."""
    if name == "tuned":
        from lab_kernel.tuning import tuned

        return tuned
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load_ipython_extension(shell):
    """Gives a kernel `spark`, `lakehouse`, the magics and the displays; starts Spark in the background."""
    from lab_kernel.extension import load

    load(shell)


def unload_ipython_extension(shell):
    """Takes the hooks out again and ends Spark."""
    from lab_kernel.extension import unload

    unload(shell)
