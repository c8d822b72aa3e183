"""X: dialect, settings, publisher and sandbox."""
