"""Papers for people: the certificate, the summary of many cases, the label. Bytes from facts; no clock, no home."""
