"""Digitised dossiers (guidance of the Ministry of Science and Technology, November 2025; DOMAIN F31, §2.7)."""
