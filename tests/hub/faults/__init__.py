"""What is done to a running class, what must hold while it is, and how soon it must be over."""
