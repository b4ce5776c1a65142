"""A Zalo Official Account that behaves as its documentation says, in a process of its own.

Each rule carries a mark of its source: [S] Zalo's own code or page, [M] a transcription of Zalo's documentation,
[L] a reported live test, [R] secondary text, [K] nobody says so, our assumption (switchable where it matters).
The double deduplicates nothing: each accepted call is one more message in the inbox, so tests count copies.
"""
