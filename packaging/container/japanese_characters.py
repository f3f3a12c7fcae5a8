#!/usr/bin/env python3
"""Prints the code points that the container's Japanese face keeps: those of JIS X 0213 (Japanese text as it is written
today), and what reports draw and quote in other scripts, one hexadecimal number a line."""

BLOCKS = [
    (0x0020, 0x024F),  # Latin
    (0x0370, 0x052F),  # Greek, Cyrillic
    (0x2000, 0x206F),  # general punctuation
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x22FF),  # letterlike, arrows, mathematics
    (0x2460, 0x25FF),  # enclosed numbers, box drawing, shapes
    (0x2600, 0x27BF),  # signs, check marks
    (0x3000, 0x30FF),  # punctuation, kana
    (0xFF00, 0xFFEF),  # full and half widths
]


def in_jis(code):
    try:
        chr(code).encode("euc_jis_2004")
    except UnicodeEncodeError:
        return False
    return True


kept = {code for first, last in BLOCKS for code in range(first, last + 1)}
kept |= {code for code in [*range(0x80, 0xD800), *range(0xE000, 0x10000), *range(0x20000, 0x30000)] if in_jis(code)}
for code in sorted(kept):
    print(f"{code:04X}")
