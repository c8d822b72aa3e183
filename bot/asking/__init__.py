"""Asks editors to decide, wherever they are: new posts, reminders before their time, escalation."""
