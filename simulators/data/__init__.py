"""What is in a terminal that has been at work: made-up merchants, cards, transactions, receipts and logs."""
