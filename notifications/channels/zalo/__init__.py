"""Zalo Official Account: consultation and group messages, tokens, and what each error code means."""
