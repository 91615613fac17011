"""What a reply means: ``understand`` reads one, ``lines`` reads them by the line. No clock, no files, no network."""
