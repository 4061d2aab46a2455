"""Digitised dossiers (guidance of the Ministry of Science and Technology, November 2025; DOMAIN F31, §2.7).

What is kept is the signed PDF/A-2 of two layers, in the archive and in two backups: the guidance calls it the archive's
main file (§2.3, step 2) and asks for two backups of it (step 5). The same step names TIFF or PNG, without loss, for the
picture as it is scanned: it comes from the scanner as PNG. No article asks for that picture to be kept beside the
PDF/A, so it goes with the other scans (R13), and there is no lossless master.
"""
