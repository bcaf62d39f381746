"""Lessons are software: rules that can be read off a file, and runs in the lab image."""
