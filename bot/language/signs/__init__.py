"""What the passages of a message say, each as a sign; weigh.py decides between them."""
