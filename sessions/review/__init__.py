"""The second look: marks on answers and the signature that closes a validation."""
