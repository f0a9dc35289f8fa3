r"""What words are made of, in every script: Python's `\w` leaves out vowel signs."""

from __future__ import annotations

import re

# One character of a word, as a regular expression: letters and digits, and the marks that
# Arabic, Hindi and Bengali write around them.
LETTER = (
    r"[\w\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    r"\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    r"\u0981-\u0983\u09bc-\u09cd\u09d7\u09e2\u09e3]"
)

# Chinese characters, one at a time; other scripts that write them do so beside their own.
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
