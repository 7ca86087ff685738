"""Shows each mail that the relay brings to 127.0.0.1:8024, answers and notifications alike: python3 listen.py [COUNT]

Needs nothing but Python 3.8 or later. A mail is printed before it is accepted, so the relay brings again what was not printed.
"""
import asyncio
import sys
from email import message_from_bytes, policy


def show(content):
    mail = message_from_bytes(content, policy=policy.default)
    for field in ("Subject", "Message-ID", "In-Reply-To", "Relay-Sequence"):
        if mail[field]:
            print(f"{field}: {mail[field]}")
    print(mail.get_content().strip(), flush=True)
    print()


async def serve(reader, writer, taken):
    def say(line):
        writer.write(line + b"\r\n")

    say(b"220 listener")
    try:
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                say(b"354 end with a dot")
                content = b""
                while (line := await reader.readline()) not in (b".\r\n", b""):
                    content += line[1:] if line.startswith(b".") else line
                if not line:
                    break  # cut off before the final dot: the mail comes again
                show(content)
                say(b"250 taken")
                taken.release()
            elif verb == b"QUIT":
                say(b"221 bye")
                break
            else:
                say(b"250 ok")
        await writer.drain()
    except asyncio.CancelledError:
        pass  # the program ends while the relay keeps its connection for more mail
    writer.close()


async def main(count):
    taken = asyncio.Semaphore(0)
    server = await asyncio.start_server(lambda reader, writer: serve(reader, writer, taken), "127.0.0.1", 8024)
    print("Listening for mail on 127.0.0.1:8024", flush=True)
    while count != 0:
        await taken.acquire()
        count -= 1
    await asyncio.sleep(0.1)  # lets the last reply leave
    server.close()  # and does not wait for the relay to close its connection


try:
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else -1))
except KeyboardInterrupt:
    pass
