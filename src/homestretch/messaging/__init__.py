"""All that is said to or heard from people: messages, receipts, replies, surveys."""
