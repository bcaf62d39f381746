"""What joins a class to the services around it: one login for their pages, consoles of its own, and each student's keys.

Runs in a container of its own (`images/platform`), beside the hub. Each idea is a package: `gate` asks the hub who somebody is and
tells the front door whether they may pass; `keys` makes and revokes what a lab needs to use a service; `consoles` are pages for
services that have none of their own.
"""
