"""How the history of a house is reached: who keeps it, under which contract, and what was given to them."""
