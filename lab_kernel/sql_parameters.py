"""Named parameters: `:month` in a statement is the notebook's variable `month`.

Invariant: a value reaches Spark as a literal that Spark made of it, never as text of the statement; Spark's
parser alone says what is a parameter, so a `:` of a cast, a text, a type or a VARIANT's path never is one.
"""

from collections.abc import Mapping
from typing import Any

from lab_kernel import messages
from lab_kernel.sql_text import names_after_colons

# Delta's parser stands before Spark's and drops the values on the way (delta-io/delta issue 7640). With this
# switch Spark binds them after parsing, in the plan, where nothing can be lost.
_BIND_IN_THE_PLAN = "spark.sql.legacy.parameterSubstitution.constantsOnly"

_UNBOUND, _INVALID, _SYNTAX = "UNBOUND_SQL_PARAMETER", "INVALID_SQL_ARG", "PARSE_SYNTAX_ERROR"


class SqlParameterError(ValueError):
    """A statement has a parameter that cannot be given a value; the message names it."""


def execute(spark: Any, statement: str, variables: Mapping[str, Any]) -> Any:
    """Runs one statement with the variables that it names and returns its DataFrame.

    Raises SqlParameterError for a parameter without a variable, with a value that is none for SQL, or in a
    place where no parameter may stand; and whatever else Spark raises.
    """
    names = names_after_colons(statement)
    if not names:
        return spark.sql(statement)
    literals, unusable = _literals(names & set(variables), variables)
    before = spark.conf.get(_BIND_IN_THE_PLAN, "false")
    spark.conf.set(_BIND_IN_THE_PLAN, "true")
    try:
        return spark.sql(statement, args=literals or None)
    except Exception as error:
        said = _understood(error, names, variables, unusable)
        if said is not None:
            raise SqlParameterError(said) from None
        if _condition(error) == _SYNTAX and literals:
            error.add_note(messages.SQL_PARAMETER_SYNTAX)
        raise
    finally:
        spark.conf.set(_BIND_IN_THE_PLAN, before)


def _literals(names: set[str], variables: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Returns Spark's literal of each value, and of what has none the name of its type."""
    from pyspark.sql.functions import lit

    literals, unusable = {}, {}
    for name in sorted(names):
        try:
            literals[name] = lit(_plain(variables[name]))
        except Exception:
            # Perhaps it only happens to be called like a column; if it is a parameter, Spark will miss it.
            unusable[name] = type(variables[name]).__name__
    return literals, unusable


def _plain(value: Any) -> Any:
    """Python's own values for numpy's, a list for every other collection of values."""
    if isinstance(value, (tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if type(value).__module__ == "numpy" and value.ndim == 0 and value.dtype.kind in "biufU":
        return value.item()
    return value


def _understood(error: Exception, names: set[str], variables: Mapping[str, Any], unusable: Mapping[str, str]) -> str | None:
    """Says what is wrong with a parameter, or None if the error is about something else."""
    if _condition(error) not in (_UNBOUND, _INVALID):
        return None
    name = error.getMessageParameters().get("name", "")  # type: ignore[attr-defined]
    if name not in names:
        return None
    if name in unusable or _condition(error) == _INVALID:
        kind = unusable.get(name) or type(variables.get(name)).__name__
        return messages.SQL_PARAMETER_TYPE.format(name=name, type=kind)
    if name in variables:
        return messages.SQL_PARAMETER_PLACE.format(name=name)
    return messages.SQL_PARAMETER_MISSING.format(name=name)


def _condition(error: Exception) -> str | None:
    try:
        return error.getCondition()  # type: ignore[attr-defined]
    except Exception:
        return None
