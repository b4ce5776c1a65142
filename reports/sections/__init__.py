"""The sections of the report, each a writer over the ledger."""
