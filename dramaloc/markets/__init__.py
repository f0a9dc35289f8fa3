"""Markets: a language and a territory, with its limits, conventions and words."""
