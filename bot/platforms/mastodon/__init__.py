"""Mastodon: any server that speaks its API. Not among the channels unless you name it."""
