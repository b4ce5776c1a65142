"""A local stand-in for an office's own message gateway (Standard Webhooks 1.0.0)."""
