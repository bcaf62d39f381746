#!/bin/sh
# nbgrader is here for its preprocessors; the pages that it and what it depends on bring for a notebook server are never shown.
set -eu
root=$1
rm -rf "$root/share/jupyter/lab" "$root/share/jupyter/labextensions" "$root/share/jupyter/nbextensions" "$root/etc/jupyter"
packages=$root/lib/python3.13/site-packages
rm -rf "$packages/jupyterlab/static" "$packages/jupyterlab/staging" "$packages/jupyterlab/schemas" "$packages/notebook/static" \
  "$packages/nbgrader/docs" "$packages/nbgrader/tests"
find "$root" -name __pycache__ -prune -exec rm -rf {} +
