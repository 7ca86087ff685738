"""Drives an EWS server with exchangelib as a program would, and says on stdout what each step came to.

Usage: exchangelib_client.py URL ADDRESS STEP...
"""

import sys
import threading
import time

from exchangelib import (
    BASIC, DELEGATE, Account, CalendarItem, Configuration, Credentials, EWSDateTime, EWSTimeZone, Folder, Mailbox, Message)
from exchangelib.properties import StatusEvent
from exchangelib.services import SendNotification


def event_names(notification):
    return [event.ELEMENT_NAME for event in notification.events]


def folders(account):
    assert account.inbox.name == 'Inbox', account.inbox.name
    assert account.root.tois.name == 'Top of Information Store'
    names = {folder.name for folder in account.root.walk()}
    assert {'Inbox', 'Drafts', 'Sent Items', 'Calendar'} <= names, names
    child = Folder(parent=account.inbox, name='Bills')
    child.save()
    assert 'Bills' in [folder.name for folder in account.inbox.children]
    child.name = 'Paid bills'
    child.save()
    assert 'Paid bills' in [folder.name for folder in account.inbox.children]
    child.delete()


def items(account):
    message = Message(account=account, folder=account.inbox, subject='one', body='first', to_recipients=[Mailbox(email_address='bob@corp.example')])
    message.save()
    assert message.id and message.changekey
    found = list(account.inbox.filter(subject='one'))
    assert [item.subject for item in found] == ['one'], found
    assert found[0].body == 'first', found[0].body
    message.subject = 'two'
    message.save()
    assert account.inbox.get(subject='two').id == message.id
    message.is_read = True
    message.save(update_fields=['is_read'])
    assert account.inbox.get(subject='two').is_read
    copied = message.copy(to_folder=account.drafts)
    assert account.drafts.filter(subject='two').count() == 1, copied
    message.move(to_folder=account.sent)
    assert account.inbox.filter(subject='two').count() == 0
    message.delete()
    assert account.sent.filter(subject='two').count() == 0
    for number in range(5):
        Message(account=account, folder=account.inbox, subject=f'page {number}').save()
    pages = account.inbox.filter(subject__contains='page').order_by('subject')
    pages.page_size = 2
    assert [item.subject for item in pages] == [f'page {number}' for number in range(5)]
    zone = EWSTimeZone('UTC')
    CalendarItem(account=account, folder=account.calendar, subject='Lunch', start=EWSDateTime(2026, 1, 1, 12, tzinfo=zone),
                 end=EWSDateTime(2026, 1, 1, 13, tzinfo=zone)).save()
    view = account.calendar.view(start=EWSDateTime(2026, 1, 1, tzinfo=zone), end=EWSDateTime(2026, 1, 2, tzinfo=zone))
    assert [item.subject for item in view] == ['Lunch']


def send(account):
    Message(account=account, folder=account.sent, subject='to myself', body='x',
            to_recipients=[Mailbox(email_address=account.primary_smtp_address)]).send_and_save()
    received = account.inbox.get(subject='to myself')
    assert not received.is_read
    assert received.sender.email_address == account.primary_smtp_address
    assert account.sent.filter(subject='to myself').count() == 1


def pull(account):
    with account.inbox.pull_subscription(timeout=5) as (subscription, watermark):
        Message(account=account, folder=account.inbox, subject='pulled').save()
        told = list(account.inbox.get_events(subscription, watermark))
        assert event_names(told[0]) == ['CreatedEvent', 'ModifiedEvent'], told
        assert told[0].previous_watermark == watermark
        watermark = told[0].events[-1].watermark
        told = list(account.inbox.get_events(subscription, watermark))
        assert isinstance(told[0].events[0], StatusEvent), told
    try:
        list(account.inbox.get_events(subscription, watermark))
        raise AssertionError('the subscription should have ended')
    except Exception as error:
        assert type(error).__name__ == 'ErrorSubscriptionNotFound', error


def streaming(account):
    with account.inbox.streaming_subscription() as subscription:
        def later():
            time.sleep(0.3)
            Message(account=account, folder=account.inbox, subject='streamed').save()
        thread = threading.Thread(target=later)
        thread.start()
        told = []
        for notification in account.inbox.get_streaming_events(subscription, connection_timeout=1, max_notifications_returned=1):
            told += event_names(notification)
        thread.join()
        assert told == ['CreatedEvent', 'ModifiedEvent'], told
        # A stream in which nothing happens ends by itself when its time is up.
        assert list(account.inbox.get_streaming_events(subscription, connection_timeout=1)) == []


def sync(account):
    changes = list(account.drafts.sync_items())
    assert changes == [], changes
    draft = Message(account=account, folder=account.drafts, subject='synchronised')
    draft.save()
    assert [(kind, item.subject) for kind, item in account.drafts.sync_items()] == [('create', 'synchronised')]
    draft.is_read = not draft.is_read
    draft.save(update_fields=['is_read'])
    assert [kind for kind, _ in account.drafts.sync_items()] == ['read_flag_change']
    draft.subject = 'changed'
    draft.save(update_fields=['subject'])
    assert [(kind, item.subject) for kind, item in account.drafts.sync_items()] == [('update', 'changed')]
    draft.delete()
    assert [kind for kind, _ in account.drafts.sync_items()] == ['delete']
    names = [folder.name for kind, folder in account.root.sync_hierarchy() if kind == 'create']
    assert 'Inbox' in names, names
    Folder(parent=account.inbox, name='New').save()
    assert [(kind, folder.name) for kind, folder in account.root.sync_hierarchy()] == [('create', 'New')]


def push_parse(path):
    """Parses a push request that the simulator sent, as exchangelib's listener would, and answers."""
    service = SendNotification(protocol=None)
    with open(path, 'rb') as file:
        octets = file.read()
    told = list(service.parse(octets))
    print(','.join(event_names(told[0])), told[0].subscription_id)
    assert b'<m:SubscriptionStatus>OK</m:SubscriptionStatus>' in service.ok_payload()
    assert b'Unsubscribe' in service.unsubscribe_payload()


def main():
    if sys.argv[1] == 'push':
        push_parse(sys.argv[2])
        return
    url, address = sys.argv[1:3]
    configuration = Configuration(service_endpoint=url, credentials=Credentials(address, 'secret'), auth_type=BASIC, max_connections=4)
    account = Account(primary_smtp_address=address, config=configuration, autodiscover=False, access_type=DELEGATE,
                      default_timezone=EWSTimeZone('UTC'))
    steps = {'folders': folders, 'items': items, 'send': send, 'pull': pull, 'streaming': streaming, 'sync': sync}
    for name in sys.argv[3:]:
        steps[name](account)
        print(name, 'ok')


main()
