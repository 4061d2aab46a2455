"""How long things may take, in seconds: the one table of delays. Waiting for the officer ends when it ends."""

SCAN_S = 120.0
PAY_S = 300.0
PAY_LOOK_S = 0.1
CARD_S = 90.0
"""So long a card is waited for."""
SETTLE_S = 20.0
CARD_HOLD_S = 300.0
"""So long a card's money is held for the officer; then it is taken, since the next citizen needs the reader."""
COUNT_S = 60.0
DISPENSE_S = 60.0
DISPENSE_AGAIN_S = 2.0
NEXT_SHEET_S = 180.0
TOUCH_LOOK_S = 0.5
RESCAN_S = 900.0
CONSENT_S = 120.0
CARD_READ_S = 60.0
LOOK_S = 30.0
STILL_S = 20.0
OTHER_WAY_S = 120.0
ACCOUNT_S = 60.0
NEXT_PAPER_S = 300.0
"""So long the next paper of a dossier is waited for; staples are taken out meanwhile."""
JUDGE_S = 20.0
"""So long the hub is waited for to say what a copy is worth; then the citizen is told to ask with a phone."""
COLLECT_S = 300.0
PRINT_S = 180.0
ASK_PRINTER_S = 120.0
ASK_PRINTER_AGAIN_S = 5.0
PRINT_AGAIN_S = 20.0
SLIP_S = 20.0
HAND_OVER_S = 60.0
AWAY_LOOK_S = 600.0
"""So often it is looked whether who left with a slip is expected no longer."""
FETCH_S = 60.0
"""So long a copy that had not come is asked for at a time, also while the citizen who came back for it waits."""
FETCH_LOOK_S = 30.0
KEEP_COPY_S = 24 * 3600.0
"""A signed copy that the citizen may still collect is removed after this (R13: at most 24 hours)."""
QUEUE_ANSWER_S = 4.0
"""So long the hub is waited for with a number in hand; then the ticket says that it has not confirmed."""
CHECK_IN_S = 15.0
