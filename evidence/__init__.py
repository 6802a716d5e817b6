"""A locker and a ledger for any case; knows an opaque case id, not validations."""
