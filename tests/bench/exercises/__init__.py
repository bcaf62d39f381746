"""Against stock nbgrader: what hostile submissions gain, and how long handing out and collecting take: `make bench-exercises`."""
