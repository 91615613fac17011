"""What a text says about days: words → mentions → spans of days, seen from a day and a direction of time."""
