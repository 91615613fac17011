"""`engawa bench`: the figures in the README, measured side by side on this machine."""
