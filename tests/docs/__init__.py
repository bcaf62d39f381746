"""What the documentation must name, and what it must not."""
