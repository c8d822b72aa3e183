"""Watch the sources: read what is due, take in what is new, hold what an editor must decide."""
