"""Asks the calendar service for a month: python3 month.py 2026 11"""
import smtplib, sys
from email.mime.text import MIMEText
from email.utils import make_msgid

year, month = sys.argv[1:3]
mail = MIMEText(f"""<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<c:getMonth xmlns:c="urn:soap-relay:calendar"><c:year>{year}</c:year><c:month>{month}</c:month></c:getMonth>
</soap:Body></soap:Envelope>""", "xml", "utf-8")
mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = "app@localhost", "calendar@localhost", "getMonth", make_msgid()
smtplib.SMTP("127.0.0.1", 8023).send_message(mail)
