"""Machines that take and give money, simulated word by word behind the board's bus, and a hand that drives them."""
