"""What becomes of posts that wait when nobody answers: told to people, and done by the clock."""
