"""A bot that turns new articles into approved posts. Start reading in `bot.app`."""

__version__ = "0.1.0"
