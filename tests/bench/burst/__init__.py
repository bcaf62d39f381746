"""Thirty starts at once, and labs that are prepared, against stock DockerSpawner: `make bench-burst`."""
