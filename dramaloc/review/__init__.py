"""The human half: what changed between two versions, and why."""
