"""Translation memory: what people decided once, found again wherever it fits."""
