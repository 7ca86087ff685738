# Asks for an event mail at each change in an inbox: perl subscribe.pl ann@corp.example
use strict;
use warnings;
use Net::SMTP;

my ($mailbox) = @ARGV;
my $id = "<$$." . time . '@localhost>';
my $smtp = Net::SMTP->new('127.0.0.1', Port => 8023) or die "The relay cannot be reached: $@\n";
$smtp->mail('app@localhost');
$smtp->to('ews@localhost') && $smtp->data(<<"MAIL") or die 'The relay says: ', $smtp->message;
From: app\@localhost
To: ews\@localhost
Subject: Subscribe
Message-ID: $id
MIME-Version: 1.0
Content-Type: text/xml; charset=utf-8

<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://schemas.microsoft.com/exchange/services/2006/types"
 xmlns:m="http://schemas.microsoft.com/exchange/services/2006/messages"><soap:Body><m:Subscribe><m:PushSubscriptionRequest>
<t:FolderIds><t:DistinguishedFolderId Id="inbox"><t:Mailbox><t:EmailAddress>$mailbox</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></t:FolderIds>
<t:EventTypes><t:EventType>NewMailEvent</t:EventType><t:EventType>CreatedEvent</t:EventType><t:EventType>DeletedEvent</t:EventType></t:EventTypes>
<t:StatusFrequency>60</t:StatusFrequency><t:URL>mailto:app\@localhost</t:URL>
</m:PushSubscriptionRequest></m:Subscribe></soap:Body></soap:Envelope>
MAIL
$smtp->quit;
print "Sent as $id\n";
