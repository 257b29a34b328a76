"""What an environment costs in a month: a dated table of prices, times what is declared and how much it is used."""
