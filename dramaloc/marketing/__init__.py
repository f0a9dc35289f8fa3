"""The words around a show: synopses, taglines, episode titles, casts, posts."""
