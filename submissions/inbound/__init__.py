"""What units send back by mail, Zalo and webhooks: kept first, matched, understood, done, confirmed."""
