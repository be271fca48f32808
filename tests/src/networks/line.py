# A slow, lossy line between two networks: what comes out of one tap goes into the other, later, or never.
# Arguments: milliseconds each way, parts of a thousand that are lost, seed. Prints how many were lost when it is asked.
import fcntl, heapq, os, random, select, struct, sys, time

late, lost, seed = float(sys.argv[1]) / 1000, int(sys.argv[2]), int(sys.argv[3])
chance = random.Random(seed)


def tap(name):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(fd, 0x400454CA, struct.pack("16sH22x", name, 0x1002))  # TUNSETIFF: a tap, frames alone
    return fd


ends = [tap(b"near"), tap(b"far")]
waiting, number, counts = [], 0, [0, 0]
print("open", flush=True)
while True:
    wait = max(0, waiting[0][0] - time.monotonic()) if waiting else None
    ready, _, _ = select.select([*ends, sys.stdin], [], [], wait)
    for end in range(2):
        while ends[end] in ready:
            try:
                frame = os.read(ends[end], 65536)
            except BlockingIOError:
                break
            number += 1
            if chance.randrange(1000) < lost:
                counts[1] += 1
                continue
            counts[0] += 1
            # No more than a line of its kind would hold.
            if len(waiting) < 20000:
                heapq.heappush(waiting, (time.monotonic() + late, number, 1 - end, frame))
    if sys.stdin in ready:
        if not sys.stdin.readline():
            break
        print(*counts, flush=True)
    while waiting and waiting[0][0] <= time.monotonic():
        _, _, end, frame = heapq.heappop(waiting)
        try:
            os.write(ends[end], frame)
        except OSError:
            pass
