"""What the comparison of keys and accounts has to say, to whoever reads the platform's log."""

NOT_COMPARED = "the keys of {name} could not be compared with the class's accounts, and nobody's were taken: {reason}"
TAKEN_FROM_LEAVER = "{name}: the keys of {user} were taken away, whose account is gone"
