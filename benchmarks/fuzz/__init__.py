"""Millions of damaged files for every reader: no traceback, no hang, no letter lost.

nice -n 19 uv run python -m benchmarks.fuzz --cases 1000000 srt
nice -n 19 uv run python -m benchmarks.fuzz --cases 100000
"""
