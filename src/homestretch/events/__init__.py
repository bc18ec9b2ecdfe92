"""The log and the transaction that writes it: scope, clock, action, idempotency, later(), readers, seals."""
