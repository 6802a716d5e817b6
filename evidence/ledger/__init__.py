"""The append-only, Merkle-hashed log: rules, tables, store and actions."""
