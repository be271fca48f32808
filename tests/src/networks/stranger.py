# A stranger in the same network, who records what goes to groups, sends it again, and makes a noise. Reads commands, one a
# line: `heard`, `replay TIMES`, `as-mine TIMES`, `junk N`, `hold ADDRESS PORT N`; answers each with a number.
import os, select, socket, struct, sys

interface = sys.argv[1]
wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
wire.bind((interface, 3))
wire.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)  # SO_RCVBUFFORCE
wire.setblocking(False)
own = wire.getsockname()[4]
heard = []
held = []


def listen():
    while True:
        try:
            frame, about = wire.recvfrom(2048)
        except BlockingIOError:
            return
        # UDP that goes no further than the next device, from somebody else.
        v4 = frame[12:14] == b"\x08\x00" and frame[23] == 17 and frame[22] == 1
        v6 = frame[12:14] == b"\x86\xdd" and frame[20] == 17 and frame[21] == 1
        if about[2] != socket.PACKET_OUTGOING and (v4 or v6) and len(heard) < 1000:
            heard.append(frame)


def total(data):
    data += b"\0" * (len(data) % 2)
    s = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while s >> 16:
        s = (s & 0xFFFF) + (s >> 16)
    return ~s & 0xFFFF


def whole(frame):
    """With the sums that a card would have written."""
    frame = bytearray(frame)
    if frame[12:14] == b"\x08\x00":
        frame[24:26] = b"\0\0"
        frame[24:26] = struct.pack("!H", total(bytes(frame[14:34])))
        frame[40:42] = b"\0\0"  # none
    else:
        frame[60:62] = b"\0\0"
        pseudo = bytes(frame[22:54]) + struct.pack("!II", len(frame) - 54, 17)
        frame[60:62] = struct.pack("!H", total(pseudo + bytes(frame[54:])) or 0xFFFF)
    return bytes(frame)


def mine(frame):
    """The same words under this stranger's address."""
    four = frame[12:14] == b"\x08\x00"
    frame = frame[:6] + own + frame[12:]
    return whole(frame[:26] + ip + frame[30:]) if four else whole(frame)


def noise(frame):
    """As long, to the same port, from the same address, and random inside."""
    start = 42 if frame[12:14] == b"\x08\x00" else 62
    return whole(frame[:start] + os.urandom(len(frame) - start))


def send(frame):
    try:
        wire.send(frame)
        return 1
    except OSError:
        return 0


def hold(at):
    """Connects and says nothing."""
    one = socket.socket()
    one.settimeout(2)
    try:
        one.connect(at)
    except OSError:
        return 0
    held.append(one)
    return 1


print("here", flush=True)
ip = socket.inet_aton(sys.argv[2])
while True:
    ready, _, _ = select.select([wire, sys.stdin], [], [])
    listen()
    if sys.stdin not in ready:
        continue
    line = sys.stdin.readline().split()
    if not line:
        break
    done, recorded = len(heard), list(heard)
    if line[0] == "replay":
        done = sum(send(whole(frame)) for _ in range(int(line[1])) for frame in recorded)
    elif line[0] == "as-mine":
        done = sum(send(mine(frame)) for _ in range(int(line[1])) for frame in recorded)
    elif line[0] == "junk":
        done = sum(send(noise(recorded[n % len(recorded)])) for n in range(int(line[1]))) if recorded else 0
    elif line[0] == "hold":
        done = sum(hold((line[1], int(line[2]))) for _ in range(int(line[3])))
    print(done, flush=True)
