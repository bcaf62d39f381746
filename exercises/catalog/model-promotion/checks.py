"""Looks at MLflow's registry as the run left it: versions, their runs' parameters and scores, tags and the alias.

No model is loaded. The scores are compared with those of least squares in plain Python, which hold on the graders' days only.
"""

from math import isclose

from exercises.checks import CheckFailed, check, some

MODEL = "rentals"


def versions(result):
    """The version of each candidate by its run's parameter `name`; of several the newest."""
    return {one.params.get("name"): one for one in result.model(MODEL).versions}


def ask(result, right, text):
    """Raise CheckFailed with `text` unless every candidate that has a version has a right one."""
    found = versions(result)
    known = [name for name in result.facts["candidates"] if name in found]
    if not known:
        raise CheckFailed(f"No version of {MODEL} has a run with the name of a candidate.")
    wrong = [name for name in known if not right(found[name], result.facts["candidates"][name])]
    if wrong:
        raise CheckFailed(text.format(count=len(wrong), such=some(wrong)))


@check("a version for each candidate", points=3)
def each(result):
    found = versions(result)
    wanted = result.facts["columns"]
    missing = [name for name in wanted if name not in found]
    if missing:
        raise CheckFailed(f"{len(missing)} have no version of {MODEL} with a run of that name, such as {some(missing)}.")
    other = [name for name, columns in wanted.items() if found[name].params.get("columns", "").split() != columns]
    if other:
        raise CheckFailed(f"The runs of {some(other)} do not say in `columns` what they learned from.")


@check("signature and example", points=3)
def signature(result):
    found, wanted = versions(result), result.facts["columns"]
    known = [name for name in wanted if name in found]
    if not known:
        raise CheckFailed(f"No version of {MODEL} has a run with the name of a candidate.")
    bare = [name for name in known if found[name].inputs != wanted[name]]
    if bare:
        raise CheckFailed(f"{len(bare)} models have no signature that names their columns, such as that of {some(bare)}.")
    alone = [name for name in known if not found[name].example]
    if alone:
        raise CheckFailed(f"{len(alone)} models have no input example, such as that of {some(alone)}.")


@check("scores of the held-out days", points=4, visible=False, message="The scores are not those of the days that are held out.")
def scores(result):
    def right(version, wanted):
        return isclose(version.metrics.get("mae", float("nan")), wanted["mae"], rel_tol=1e-6)

    text = "{count} candidates have another mean absolute error than a model that has learned from the right days, such as {such}."
    ask(result, right, text)


@check("the table's version", points=2, visible=False, message="The runs do not say which version of the table they learned from.")
def table_version(result):
    def right(version, wanted):
        return version.params.get("table_version") == str(wanted["table_version"])

    ask(result, right, "{count} runs do not say which version of gold.rentals they learned from, such as {such}.")


@check("every verdict", points=4, visible=False, message="A verdict is missing, or is not what the rule says.")
def verdicts(result):
    def right(version, wanted):
        return version.tags.get("verdict") == wanted["verdict"]

    ask(result, right, "{count} versions have another verdict than the rule gives them, or none, such as {such}.")


@check("the champion", points=4, visible=False, message="The alias does not point to the candidate that is best.")
def champion(result):
    model = result.model(MODEL)
    number = model.aliases.get("champion")
    if number is None:
        raise CheckFailed(f"No version of {MODEL} has the alias champion.")
    name = next((one.params.get("name") for one in model.versions if one.number == number), None)
    wanted = result.facts["candidates"].get(name)
    # Whether the best one or its equal is the champion, the verdicts say.
    if wanted is None or wanted["mae"] != result.facts["champion"]:
        raise CheckFailed("The champion is not the candidate with the smallest error on the days that are held out.")
