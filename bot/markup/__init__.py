"""What text from the web needs, whatever it came in: charsets, entities, dates, addresses, HTML."""
