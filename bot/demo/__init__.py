"""`bot demo`: a real article, both platforms, no keys and no network."""
