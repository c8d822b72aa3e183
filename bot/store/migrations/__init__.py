"""Schema changes, in order. Each runs forward on both SQLite and PostgreSQL."""
