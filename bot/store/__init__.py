"""All state: SQLAlchemy on SQLite or PostgreSQL. The only part that speaks SQL."""
