"""The rules of a lesson, one module for each thing they look at."""
