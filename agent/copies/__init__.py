"""The draft, the fee, what is handed over: pure functions on values."""
