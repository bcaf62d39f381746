"""Exercises: written, handed out, collected, graded in a sandbox and given back with feedback."""
