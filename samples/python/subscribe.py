"""Asks for an event mail at each change in an inbox: python3 subscribe.py ann@corp.example"""
import smtplib, sys
from email.mime.text import MIMEText
from email.utils import make_msgid

mail = MIMEText(f"""<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"
 xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><soap:Body><m:Subscribe><m:PushSubscriptionRequest>
<t:FolderIds><t:DistinguishedFolderId Id="inbox"><t:Mailbox><t:EmailAddress>{sys.argv[1]}</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></t:FolderIds>
<t:EventTypes><t:EventType>NewMailEvent</t:EventType><t:EventType>CreatedEvent</t:EventType><t:EventType>DeletedEvent</t:EventType></t:EventTypes>
<t:StatusFrequency>60</t:StatusFrequency><t:URL>mailto:app@localhost</t:URL>
</m:PushSubscriptionRequest></m:Subscribe></soap:Body></soap:Envelope>""", "xml", "utf-8")
mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = "app@localhost", "ews@localhost", "Subscribe", make_msgid()
smtplib.SMTP("127.0.0.1", 8023).send_message(mail)
