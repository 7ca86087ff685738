"""A calendar client that asks again and again and prints the months as they come, in any order: python3 -W ignore calendar_client.py

Python up to 3.11, whose smtpd module is a mail server; from 3.12 on take listen.py and month.py.
"""
import asyncore
import itertools
import smtpd
import smtplib
import threading
from email import message_from_bytes
from email.mime.text import MIMEText
from xml.etree import ElementTree

REQUEST = """<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<c:getMonth xmlns:c="urn:soap-relay:calendar"><c:year>{}</c:year><c:month>{}</c:month></c:getMonth>
</soap:Body></soap:Envelope>"""


class Listener(smtpd.SMTPServer):
    """Takes the answers; each names the request that it answers."""

    def __init__(self, waiting):
        super().__init__(("127.0.0.1", 8024), None)
        self.waiting = waiting

    def process_message(self, peer, mailfrom, rcpttos, data, **options):
        mail = message_from_bytes(data)
        asked = self.waiting.pop(mail["In-Reply-To"], None)
        if asked is None:
            return  # a repeat, or none of ours
        body = ElementTree.fromstring(mail.get_payload(decode=True)).find("{http://schemas.xmlsoap.org/soap/envelope/}Body")
        print("\n" + "".join(body[0].itertext()), flush=True)


waiting = {}
Listener(waiting)
threading.Thread(target=asyncore.loop, kwargs={"timeout": 0.2}, daemon=True).start()
for number in itertools.count(1):
    year = input("Year of request (Return to exit): ")
    if not year:
        break
    month = input("Month of request: ")
    mail = MIMEText(REQUEST.format(year, month), "xml", "utf-8")
    mail["From"], mail["To"], mail["Subject"], mail["Message-Id"] = "app@localhost", "calendar@localhost", "getMonth", str(number)
    waiting[str(number)] = year, month
    with smtplib.SMTP("127.0.0.1", 8023) as server:
        server.send_message(mail)
