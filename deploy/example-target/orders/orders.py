"""Gives orders by their number: GET /orders/7. Their home is a DynamoDB table."""
import logging
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import boto3
from botocore.config import Config

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
log = logging.getLogger("orders")
table = boto3.resource(
    "dynamodb", config=Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 2})
).Table(os.environ["TABLE"])


class Orders(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/health":
            return self.answer(200, "ok")
        number = self.path.rsplit("/", 1)[-1]
        try:
            found = table.get_item(Key={"id": number}).get("Item")
            if found is None:
                table.put_item(Item={"id": number, "state": "new"})
            self.answer(200, number)
        except Exception:
            log.exception("order %s could not be read", number)
            self.answer(500, "failed")

    def answer(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, template, *arguments):
        log.info(template, *arguments)


if __name__ == "__main__":
    log.info("serving table %s", os.environ["TABLE"])
    ThreadingHTTPServer(("", 8080), Orders).serve_forever()
