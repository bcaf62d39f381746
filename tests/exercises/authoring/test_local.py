"""The sandbox that is none: an author's own exercise as processes of this computer, by the archives' rules."""

import json
import time

import pytest

from exercises.runner import grading
from exercises.runner.grading import Grader, PrepareFailed
from exercises.runner.limits import Limits, SandboxError
from exercises.runner.local import LocalSandbox
from tests.exercises.authoring import samples

LIMITS = Limits(seconds=20)


def ran(source, limits=LIMITS, **inputs):
    files = {"a.py": source.encode(), **{name: text.encode() for name, text in inputs.items()}}
    return LocalSandbox().run([grading.PYTHON, "/in/a.py", "/out"], files, limits)


def test_files_go_in_and_out():
    source = "import sys, pathlib; p = pathlib.Path(sys.argv[1], 'sub'); p.mkdir(); print('said')\n"
    run = ran(source + "(p / 'b').write_text(open(sys.path[0] + '/c').read())", c="given")
    assert (run.ok, run.files, run.log, run.exit_code) == (True, {"sub/b": b"given"}, "said\n", 0)


def test_the_time_ends_it_and_what_it_started(tmp_path):
    pulse = tmp_path / "pulse"
    child = f"import time\nwhile True:\n    open({str(pulse)!r}, 'w').write(str(time.time()))\n    time.sleep(0.05)"
    source = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    began = time.monotonic()
    run = ran(source, Limits(seconds=1.5))
    assert (run.timed_out, run.ok, run.files) == (True, False, {}) and time.monotonic() - began < 10
    assert pulse.exists()
    last = pulse.read_text()
    time.sleep(0.3)
    assert pulse.read_text() == last


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import os, sys; os.symlink('/', sys.argv[1] + '/a')", "is a link"),
        ("import sys; open(sys.argv[1] + '/a', 'wb').write(bytes(2000))", "larger than"),
        ("import sys; [open(f'{sys.argv[1]}/{n}', 'w') for n in range(30)]", "more than 20 files"),
    ],
)
def test_what_a_container_would_refuse_is_refused(source, words):
    run = ran(source, Limits(seconds=20, outputs=1000, output_files=20))
    assert not run.ok and words in run.refused


def test_a_command_that_is_not_there_is_our_fault():
    with pytest.raises(SandboxError, match="could not be started"):
        LocalSandbox().run(["/no/such/command"], {}, LIMITS)


def test_data_is_made_and_what_was_left_is_judged():
    grader = Grader(LocalSandbox())
    files = samples.files()
    made = grader.prepare(files, 4)
    assert json.loads(made["facts.json"]) == {"count": 2, "sum": 12}
    with pytest.raises(PrepareFailed, match="no rain"):
        grader.prepare({**files, "data.py": b"def make(directory, seed): raise ValueError('no rain')"}, 4)
    checks = b"from exercises.checks import check\n@check('a', points=2)\ndef f(result):\n    result.table('gold', 'a')\n"
    exercise = grading.Exercise({}, checks, made)
    (told,) = grader.judge(exercise, {}, grading.Outcome.OK)
    assert (told["passed"], told["message"]) == (False, "There is no Delta table gold.a.")
