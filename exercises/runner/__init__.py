"""Runs what students hand in, in containers that are thrown away."""
