"""Engines: whatever turns text of one language into text of another."""
