"""What officers and operators see.

pages/      one file a page (its docstring says how to add one)      templates/  static/  strings/
papers · desk · officer_key · copies · vouchers · fleet · login      the JSON API, one file a subject
access · roles · sessions · second_factor · oidc                     who gets in and may do what
render · errors · evidence · sla                                     from values to a page
"""
