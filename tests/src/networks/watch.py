# Counts every packet that leaves this namespace. Each line on standard input is answered with all counts so far.
import collections, json, select, socket, struct, sys

KINDS = {1: "icmp", 2: "igmp", 6: "tcp", 17: "udp", 58: "icmpv6"}
packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
packets.setsockopt(socket.SOL_SOCKET, 33, 64 << 20)  # SO_RCVBUFFORCE
counts = collections.Counter()


def inner(kind, rest):
    if kind in (6, 17) and len(rest) >= 4:
        return struct.unpack("!H", rest[2:4])[0]
    return rest[0] if kind in (1, 58) and rest else 0


def count(packet, about):
    interface, protocol, way = about[0], about[1], about[2]
    if way != socket.PACKET_OUTGOING or interface == "lo":
        return
    if protocol == 0x0800 and len(packet) >= 20:
        kind, hops = packet[9], packet[8]
        to = socket.inet_ntop(socket.AF_INET, packet[16:20])
        later = struct.unpack("!H", packet[6:8])[0] & 0x1FFF
        rest = b"" if later else packet[(packet[0] & 15) * 4 :]
    elif protocol == 0x86DD and len(packet) >= 40:
        kind, hops, rest = packet[6], packet[7], packet[40:]
        to = socket.inet_ntop(socket.AF_INET6, packet[24:40])
        if kind == 0 and len(rest) >= 8:  # what comes before a report on groups
            kind, rest = rest[0], rest[(rest[1] + 1) * 8 :]
    elif protocol == 0x0806 and len(packet) >= 28:
        to = socket.inet_ntop(socket.AF_INET, packet[24:28])
        counts[(interface, "arp", to, 0, True)] += 1
        return
    else:
        counts[(interface, "%#06x" % protocol, "", 0, True)] += 1
        return
    name = KINDS.get(kind, str(kind))
    if kind == 6 and len(rest) >= 14 and rest[13] & 4:
        name = "reset"
    counts[(interface, name, to, inner(kind, rest), hops == 1)] += 1


packets.setblocking(False)
print("watching", flush=True)
while True:
    ready, _, _ = select.select([packets, sys.stdin], [], [])
    while True:
        try:
            count(*packets.recvfrom(256))
        except BlockingIOError:
            break
    if sys.stdin in ready:
        if not sys.stdin.readline():
            break
        keys = ("interface", "kind", "to", "port", "near", "packets")
        print(json.dumps([dict(zip(keys, (*what, n))) for what, n in counts.items()]), flush=True)
