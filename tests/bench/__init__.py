"""Stock against ours, measured in one run: `make bench`."""
