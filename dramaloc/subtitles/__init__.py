"""Subtitle documents: what a cue is, how files become cues, how wide text runs."""
