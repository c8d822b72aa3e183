"""X's text rules, after twitter-text 3.1 (configuration v3): length, links, mentions, tags.

Everything here is a pure function of the text, works in time linear in its length for any
text whatever, and loads its tables (top-level domains, emoji) only when a text needs them.
"""
