"""UNKNOWN: a paper that no other kind claims; an officer names it."""

from agent.reading.kind import Kind

KIND = Kind(code="UNKNOWN", title="Giấy tờ khác", anchors=())
