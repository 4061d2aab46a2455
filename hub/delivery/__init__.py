"""Signed copies on their way to citizens who are not at the kiosk: the list of them, the carriers, the posting counter.

A visit never waits for a carrier: what is to be delivered is stored with the signature and forwarded in its own time.
"""
