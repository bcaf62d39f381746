"""The gate: tells the front door, for each request, who is asking and whether they may pass."""

from lab_platform.gate.routes import router

__all__ = ["router"]
