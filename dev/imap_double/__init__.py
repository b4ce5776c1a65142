"""A mailbox that a mail program reads by IMAP: pymap, an IMAP server that is not ours, with one user in memory."""
