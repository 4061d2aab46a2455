"""The kiosk's program is replaced in two slots: one runs, the other takes the next version; a power cut ends in either.

`/opt/tram/slots/a` and `b` are whole Python environments. Two links name them: `current` is what runs, `kept` is what
is known to be good. They differ only while a version is on trial. The program of `kept` does the updating: a version
that does not work can neither judge nor lock out itself.

| phase | on the disk | goes on when | a power cut here ends in |
|---|---|---|---|
| idle | both links name the same slot | a release is wanted | old |
| downloading | what has come lies in the store by its hash | all is there and hashed | old; goes on at the byte |
| building | the other slot is being made, without VERSION | its own self-check passes | old; is built again |
| staged | the other slot is whole: VERSION is there | the agent grants the lease | old; waits for a new lease |
| switching | `current` is about to be renamed over | the rename is on the disk | old: staged again; new: on trial |
| trying | `current` is new, `kept` old | it is well, late, or started no more | new, on trial; after 3 starts old |
| returning | the version is marked bad; `current` goes back | the rename is on the disk | old |
| kept | both links name the new slot | | new |
| returned | both name the old one; the version is not tried again, but after a hub that was away | | old |
| failed | nothing was changed; the reason is told | | old |

The lease (`agent.update.lease`) is granted by the agent while nobody is served, its door is shut and its floor is
held; it runs out by itself. *Well* means: the agent answers as the new version, and whatever was good just before the
switch (each device, the link to the hub) is good again. A program that ends at each of its starts is not waited for:
once systemd starts it no more, it is given back.

A technician's `tram update --from` goes the same way from a folder; only `place.carried` stands for the job. A package
that is installed takes the updater's lock: the higher version wins (systemd/deb/postinst).

What may be installed stands in a TUF repository (`agent.update.releases`): signed, not expired, never older than what
was seen. A release lists every file by SHA-256; what is here already is not fetched again.
"""
