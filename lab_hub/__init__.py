"""What runs beside the hub: accounts, spawner, proxy and culler.

Invariant: jupyterhub_config.py only names what is here; everything that decides something is a module with a test of its name.
"""
