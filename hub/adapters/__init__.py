"""Systems of other agencies, each behind one small interface with a simulator in provisioning/onebox.

Their interfaces are not public. What is spoken here is our guess of one; no conformance is claimed. No journey waits
for any of them: what they are to be told is stored first and forwarded when they answer.
"""
