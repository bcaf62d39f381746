"""Graded submissions a minute: ours against `nbgrader autograde`, measured in one run: `make bench-grading`."""
