"""What is owed: orders, tasks, items, packages, recipients, imports, the promise ledger."""
