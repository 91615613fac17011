"""What happens by itself: due, escalate, dispatch, and what runs them. Clocks are read in clock.py only."""
