"""Journal, outbox, money: the only rooms that open SQLite."""
