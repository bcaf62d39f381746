"""A person's path through the class, in a real browser against a real stack."""
