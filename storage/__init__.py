"""What is kept, on SQLite or PostgreSQL. Every function takes a connection inside a transaction of the caller's."""
