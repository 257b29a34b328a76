"""What an operator asks of all services at once: their health, and their metrics."""
