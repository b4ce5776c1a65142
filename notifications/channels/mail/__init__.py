"""E-mail over SMTP: one recipient a message, one typed outcome a send."""
