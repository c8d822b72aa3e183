"""Loaded by every Python process the end-to-end tests start: nothing goes beyond loopback."""

from tests import guard

guard.forbid()
