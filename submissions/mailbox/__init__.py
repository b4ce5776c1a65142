"""The mailbox that answers and notices of failure come back to: read by IMAP, understood, handed on, put away."""
