"""The kernel's own estimate, or none."""

from lab_hub import memory


def test_what_the_kernel_says(tmp_path):
    file = tmp_path / "meminfo"
    file.write_text("MemTotal:       100 kB\nMemAvailable:    42 kB\n")
    assert memory.available(file) == 42 * 1024


def test_a_kernel_that_does_not_say(tmp_path):
    assert memory.available(tmp_path / "none") is None


def test_this_machine():
    assert memory.available() > 0
