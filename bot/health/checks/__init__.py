"""What the rehearsal tries: each check is one function of the app and says what to do."""
