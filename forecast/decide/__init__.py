"""Decisions read off the futures of a projection: how big, where, when, and at what cost."""
