# Asks the calendar service for a month: perl month.pl 2026 11
use strict;
use warnings;
use Net::SMTP;

my ($year, $month) = @ARGV;
my $id = "<$$." . time . '@localhost>';
my $smtp = Net::SMTP->new('127.0.0.1', Port => 8023) or die "The relay cannot be reached: $@\n";
$smtp->mail('app@localhost');
$smtp->to('calendar@localhost') && $smtp->data(<<"MAIL") or die 'The relay says: ', $smtp->message;
From: app\@localhost
To: calendar\@localhost
Subject: getMonth
Message-ID: $id
MIME-Version: 1.0
Content-Type: text/xml; charset=utf-8

<?xml version="1.0" encoding="utf-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<c:getMonth xmlns:c="urn:soap-relay:calendar"><c:year>$year</c:year><c:month>$month</c:month></c:getMonth>
</soap:Body></soap:Envelope>
MAIL
$smtp->quit;
print "Sent as $id\n";
