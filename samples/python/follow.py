"""Follows an inbox: subscribes, prints each event, brings back what was lost, unsubscribes at Ctrl-C: python3 follow.py ann@localhost

All that a subscriber needs, with nothing but Python 3.8 or later. Answers find their requests by In-Reply-To; a mail that comes twice is
taken once; each notification names the watermark before it, and where that is not the last one seen, GetEvents brings back what is missing.
"""
import asyncio
import collections
import signal
import smtplib
import sys
from email import message_from_bytes, policy
from email.mime.text import MIMEText
from email.utils import make_msgid
from xml.etree import ElementTree

RELAY, LISTEN, US, SERVICE = ("127.0.0.1", 8023), ("127.0.0.1", 8024), "app@localhost", "ews@localhost"
M, T = "{http://schemas.microsoft.com/exchange/services/2006/messages}", "{http://schemas.microsoft.com/exchange/services/2006/types}"
SOAP = """<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"
 xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><soap:Body>{}</soap:Body></soap:Envelope>"""
SUBSCRIBE = """<m:Subscribe><m:PushSubscriptionRequest><t:FolderIds><t:DistinguishedFolderId Id="inbox"><t:Mailbox>
<t:EmailAddress>{}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></t:FolderIds>
<t:EventTypes><t:EventType>NewMailEvent</t:EventType><t:EventType>DeletedEvent</t:EventType></t:EventTypes>
<t:StatusFrequency>60</t:StatusFrequency><t:URL>mailto:{}</t:URL></m:PushSubscriptionRequest></m:Subscribe>"""
GET_EVENTS = "<m:GetEvents><m:SubscriptionId>{}</m:SubscriptionId><m:Watermark>{}</m:Watermark></m:GetEvents>"
UNSUBSCRIBE = "<m:Unsubscribe><m:SubscriptionId>{}</m:SubscriptionId></m:Unsubscribe>"


class Subscriber:
    def __init__(self):
        self.waiting = {}  # Message-ID of a request → the future of its answer
        self.notifications = asyncio.Queue()
        self.seen = collections.deque(maxlen=10_000)  # Message-IDs, to know repeats by

    async def ask(self, body):
        mail = MIMEText(SOAP.format(body), "xml", "utf-8")
        mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = US, SERVICE, body[3:body.index(">")], make_msgid(domain="localhost")
        answer = self.waiting[mail["Message-ID"]] = asyncio.get_running_loop().create_future()  # before it is sent: answers are quick
        try:
            await asyncio.get_running_loop().run_in_executor(None, self.send, mail)
            root = await asyncio.wait_for(answer, 60)
        finally:
            del self.waiting[mail["Message-ID"]]
        code = root.findtext(f".//{M}ResponseCode") or root.findtext(".//faultstring")
        if code != "NoError":
            raise RuntimeError(f"The relay refused {mail['Subject']}: {code}")
        return root

    @staticmethod
    def send(mail):
        with smtplib.SMTP(*RELAY) as server:
            server.send_message(mail)

    def take(self, content):
        """The reply to a mail. A program that must not lose events stores them before it says 250."""
        mail = message_from_bytes(content, policy=policy.default)
        if mail["Message-ID"] in self.seen:
            return b"250 had it before"
        try:
            root = self.envelope(mail)
        except ElementTree.ParseError as broken:
            print("Not taken:", mail["Subject"], broken, file=sys.stderr, flush=True)
            return b"451 cannot be read"  # and comes again
        answer = self.waiting.get(mail["In-Reply-To"])
        if root is None:
            print("Mail:", mail["Subject"], flush=True)
        elif answer is None:
            self.notifications.put_nowait((mail["Subject"], root))
        elif not answer.done():
            answer.set_result(root)
        self.seen.append(mail["Message-ID"])  # last: what was not taken must not pass for had when it comes again
        return b"250 taken"

    @staticmethod
    def envelope(mail):
        """The XML of a mail; notices have a part for people beside it."""
        for part in mail.walk():
            if part.get_content_type() in ("text/xml", "application/xml", "application/soap+xml"):
                return ElementTree.fromstring(part.get_payload(decode=True))
        return None

    async def serve(self, reader, writer):
        writer.write(b"220 subscriber\r\n")
        try:
            while line := await reader.readline():
                verb, reply = line[:4].upper(), b"250 ok"
                if verb == b"DATA":
                    writer.write(b"354 end with a dot\r\n")
                    content = b""
                    while (line := await reader.readline()) not in (b".\r\n", b""):
                        content += line[1:] if line.startswith(b".") else line
                    if not line:
                        break  # cut off before the final dot: the mail comes again
                    reply = self.take(content)
                writer.write((b"221 bye" if verb == b"QUIT" else reply) + b"\r\n")
                if verb == b"QUIT":
                    break
            await writer.drain()
        except asyncio.CancelledError:
            pass  # the program ends while the relay keeps its connection for more mail
        writer.close()


def show(root, until=None):
    """Prints events, up to the one with the watermark until. Gives the last watermark, and whether there are more."""
    watermark = None
    for event in root.iterfind(f".//{M}Notification/*"):
        if event.tag.endswith("Event"):
            watermark = event.findtext(f"{T}Watermark")
            item = event.find(f"{T}ItemId")
            if item is not None:
                print(event.tag[len(T):], event.findtext(f"{T}TimeStamp"), item.get("Id"), flush=True)
            if watermark == until:
                break
    return watermark, watermark != until and root.findtext(f".//{T}MoreEvents") == "true"


async def follow(mailbox):
    subscriber = Subscriber()
    server = await asyncio.start_server(subscriber.serve, *LISTEN)
    made = await subscriber.ask(SUBSCRIBE.format(mailbox, US))
    subscription, watermark = made.findtext(f".//{M}SubscriptionId"), made.findtext(f".//{M}Watermark")
    print("Subscribed as", subscription, flush=True)
    try:
        while True:
            subject, root = await subscriber.notifications.get()
            if root.find(f".//{M}Notification") is None:
                print("Notice:", subject, flush=True)  # a gap, or the end of the subscription
            previous = root.findtext(f".//{T}PreviousWatermark")
            more = previous is not None and previous != watermark
            while more:
                watermark, more = show(await subscriber.ask(GET_EVENTS.format(subscription, watermark)), until=previous)
            watermark = show(root)[0] or watermark
    except asyncio.CancelledError:
        await subscriber.ask(UNSUBSCRIBE.format(subscription))
        print("Unsubscribed", flush=True)
    server.close()  # and does not wait for the relay to close its connection


async def main():
    task = asyncio.ensure_future(follow(sys.argv[1]))
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, task.cancel)
    await task


asyncio.run(main())
