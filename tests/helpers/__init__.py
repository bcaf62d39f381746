"""Tools that more than one test folder needs. Nothing here contains a test."""
