"""Many episodes for many markets: what to do, doing it, and the record of what was done."""
