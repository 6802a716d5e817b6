"""How long items are kept and by what: retention, the seal of a proved lock, holds, release and disposal."""
