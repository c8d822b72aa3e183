"""Telling people, over whatever service they read: mail, Slack, Telegram, push, a webhook."""
