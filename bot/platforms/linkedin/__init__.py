"""LinkedIn: dialect, settings, publisher and sandbox."""
