"""The peer: a plain consumer, paho to PostgreSQL, as one writes it in an afternoon; a process of its own.

`python -m tests.bench.hub.peer HOW HOST PORT CA CERT KEY DATABASE`: HOW is `insert` (each message committed; the
hub commits together what came meanwhile) or `copy` (batches of up to 1,000, a second at most: what is in the batch is
lost when the process dies). It keeps the bytes of JSON that parses; it knows no kiosk, contract, version or order.
"""

import json
import queue
import sys
import time
from datetime import UTC, datetime
from typing import Any

import paho.mqtt.client as mqtt
import psycopg

from contract.topics import PREFIX

TABLE = "CREATE TABLE IF NOT EXISTS peer (kiosk text, at timestamptz, payload jsonb)"
LAST = "CREATE TABLE IF NOT EXISTS peer_last (kiosk text PRIMARY KEY, at timestamptz, payload bytea)"
BATCH, FLUSH_S = 1_000, 1.0
Row = tuple[str, datetime, str]


def main() -> None:
    """Consume until killed."""
    how, host, port, ca, cert, key, database = sys.argv[1:]
    waiting: queue.Queue[Row] = queue.Queue()
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    client.tls_set(ca, cert, key)
    client.on_message = lambda _client, _data, message: waiting.put(_row(message))
    client.on_connect = lambda *_: client.subscribe(f"$share/peer/{PREFIX}/+/up/telemetry", qos=1)
    client.connect(host, int(port))
    with psycopg.connect(database) as connection:
        connection.execute(TABLE)
        connection.execute(LAST)
        connection.commit()
        client.loop_start()
        print("peer ready", flush=True)
        while True:
            (_insert if how == "insert" else _copy)(connection, waiting)


def _row(message: mqtt.MQTTMessage) -> Row:
    json.loads(message.payload)
    return message.topic.split("/")[2], datetime.now(UTC), message.payload.decode()


def _insert(connection: psycopg.Connection[Any], waiting: queue.Queue[Row]) -> None:
    kiosk, at, payload = waiting.get()
    connection.execute(
        "INSERT INTO peer_last VALUES (%s, %s, %s) ON CONFLICT (kiosk) "
        "DO UPDATE SET at = excluded.at, payload = excluded.payload",
        (kiosk, at, payload.encode()),
    )
    connection.commit()


def _copy(connection: psycopg.Connection[Any], waiting: queue.Queue[Row]) -> None:
    rows, until = [waiting.get()], time.monotonic() + FLUSH_S
    while len(rows) < BATCH and (left := until - time.monotonic()) > 0:
        try:
            rows.append(waiting.get(timeout=left))
        except queue.Empty:
            break
    with connection.cursor() as cursor, cursor.copy("COPY peer FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
    connection.commit()


if __name__ == "__main__":
    main()
