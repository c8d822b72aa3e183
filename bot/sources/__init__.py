"""Where articles come from: one module per kind; each says what it accepts and parses it."""
