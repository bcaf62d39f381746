"""How a run ended, in one word for programs and one sentence for students.

Invariant: every run of a submission ends as exactly one of these; only SYSTEM is our fault, is tried again, and costs no attempt.
"""

import enum


class Outcome(enum.StrEnum):
    OK = "ok"
    OUT_OF_TIME = "out_of_time"
    OUT_OF_MEMORY = "out_of_memory"
    KERNEL_DIED = "kernel_died"
    CELL_MISSING = "cell_missing"
    CELL_FAILED = "cell_failed"
    WRONG_TABLE = "wrong_table"
    CHECK_FAILED = "check_failed"
    TOO_BIG = "too_big"
    SYSTEM = "system"


MESSAGES = {
    Outcome.OK: "All checks passed.",
    Outcome.OUT_OF_TIME: "Your notebook did not finish within {seconds} s. Look for a loop or a stream that never ends.",
    Outcome.OUT_OF_MEMORY: "Your notebook needed more than {memory} MB of memory. Let Spark work instead of collecting rows.",
    Outcome.KERNEL_DIED: "The notebook's kernel ended before the last cell had run. Look for exit() or a killed process.",
    Outcome.CELL_MISSING: "These answer cells are missing: {cells}. Fetch the exercise again and put your answers into its cells.",
    Outcome.CELL_FAILED: "The cell {cell} raised an error: {error}. What was written before it was still checked.",
    Outcome.WRONG_TABLE: "What your notebook left could not be read as a lakehouse: {reason}.",
    Outcome.CHECK_FAILED: "Your notebook ran to its end; {failed} of {count} checks did not pass.",
    Outcome.TOO_BIG: "What your notebook left was not taken: {reason}.",
    Outcome.SYSTEM: "Grading failed on our side, through no fault of yours. It costs no attempt and can be started again.",
}


def message(outcome: Outcome, **fields: object) -> str:
    """Return the student's sentence."""
    return MESSAGES[outcome].format(**fields)
