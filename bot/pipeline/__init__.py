"""The path of an article: intake, compose, review, publish, reconcile, verify. Knows only the domain."""
