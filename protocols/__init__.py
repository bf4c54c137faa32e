"""Wire protocols of terminals as pure bytes and state: no port, socket, thread, clock or file is touched here."""
