"""The Clients page: the client list."""
