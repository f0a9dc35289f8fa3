"""Term tables: what must be said how, and where a text asks for it."""
