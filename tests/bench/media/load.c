/* The hot loop of the load: paced publishers and viewers that count, on sockets and SRTP sessions made elsewhere.
 * Only for measuring; it believes its peers, and is never part of the product. Times are ns of CLOCK_REALTIME, because
 * arrivals are stamped by the kernel: what the load itself is late with is not counted as the server's. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { PEERS = 2048, PACKET = 2048, BATCH = 32, OTHERS = 512, PENDING = 16, BUCKETS = 200000 };
enum { VIDEO_NS = 33333333, AUDIO_NS = 20000000, REPORT_NS = 1000000000, BUCKET_NS = 10000, TRAILER = 256 };
static const uint64_t CHECK_NS = 2500000000ull;

typedef int (*srtp_step)(void *session, void *packet, int *length);
static srtp_step protect, unprotect, protect_rtcp, unprotect_rtcp;

struct clip { const uint8_t *bytes; const uint32_t *packets; const uint32_t *frames; uint32_t count; };
struct out { uint32_t ssrc, stamp, packets, octets; uint16_t seq; uint8_t type; };
struct in { uint32_t ssrc, highest; uint64_t received; };
struct numbers {
    uint64_t sent, received, lost_on_purpose, recovered, refused, key_frame_requests, nacks, feedback, late_ns;
};
struct peer {
    int fd, publishes, check_bytes, want_key, lose_every, pending_at;
    void *outbound, *inbound;
    uint64_t next_video, next_audio, next_report, next_check, first_frame;
    uint32_t frame, picture, sent_key;
    struct out video, audio;
    struct in heard_video, heard_audio;
    uint8_t twcc_id, rtx_type, check[256];
    uint16_t twcc_seq, pending[PENDING];
    uint8_t pending_set[PENDING];
    struct numbers numbers;
};
struct other { int peer, bytes; uint8_t datagram[PACKET]; };

static struct peer peers[PEERS];
static struct other others[OTHERS];
static uint32_t latency[BUCKETS];
static struct clip clip;
static int count, epoll, other_count, measuring, was_sending;

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}
static void put16(uint8_t *p, uint32_t v) { p[0] = v >> 8; p[1] = v; }
static void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16); put16(p + 2, v); }
static uint32_t get16(const uint8_t *p) { return p[0] << 8 | p[1]; }
static uint32_t get32(const uint8_t *p) { return get16(p) << 16 | get16(p + 2); }

void load_open(srtp_step *steps, const uint8_t *bytes, const uint32_t *packets, const uint32_t *frames, uint32_t n) {
    protect = steps[0], unprotect = steps[1], protect_rtcp = steps[2], unprotect_rtcp = steps[3];
    clip = (struct clip){bytes, packets, frames, n};
    epoll = epoll_create1(EPOLL_CLOEXEC);
}

int load_peer(int fd, void *outbound, void *inbound, const uint8_t *check, int check_bytes) {
    struct peer *p = &peers[count];
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = count};
    memset(p, 0, sizeof *p);
    p->fd = fd, p->outbound = outbound, p->inbound = inbound, p->check_bytes = check_bytes;
    memcpy(p->check, check, check_bytes);
    p->next_check = now_ns() + CHECK_NS;
    p->next_report = now_ns() + (uint64_t)(count * 7919 % 1000) * 1000000;
    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    return count++;
}

void load_publish(int peer, const uint32_t *ssrcs, const uint8_t *types, int twcc_id, int phase_us) {
    struct peer *p = &peers[peer];
    p->video = (struct out){.ssrc = ssrcs[0], .type = types[0], .seq = 1000, .stamp = 90000};
    p->audio = (struct out){.ssrc = ssrcs[1], .type = types[1], .seq = 2000, .stamp = 48000};
    p->twcc_id = twcc_id;
    p->next_video = p->next_audio = now_ns() + (uint64_t)phase_us * 1000;
    p->publishes = 1;
}

void load_watch(int peer, const uint8_t *types, int lose_every) {
    struct peer *p = &peers[peer];
    p->video.type = types[0], p->audio.type = types[1], p->rtx_type = types[2];
    p->video.ssrc = 0x10000 + peer;
    p->lose_every = lose_every;
}

static void send_rtcp(struct peer *p, uint8_t *packet, int length) {
    if (!protect_rtcp(p->outbound, packet, &length)) send(p->fd, packet, length, MSG_DONTWAIT);
}

static void send_rtp(struct peer *p, struct out *o, uint8_t *packet, int at, int marker) {
    packet[0] = p->twcc_id ? 0x90 : 0x80;
    packet[1] = o->type | (marker ? 0x80 : 0);
    put16(packet + 2, o->seq++);
    put32(packet + 4, o->stamp);
    put32(packet + 8, o->ssrc);
    if (p->twcc_id) {
        put32(packet + 12, 0xBEDE0001);
        packet[16] = p->twcc_id << 4 | 1, packet[19] = 0;
        put16(packet + 17, p->twcc_seq++);
    }
    o->packets++, o->octets += at;
    if (protect(p->outbound, packet, &at)) p->numbers.refused++;
    else send(p->fd, packet, at, MSG_DONTWAIT);
    if (measuring) p->numbers.sent++;
}

/* A frame in packets of 1100 bytes: descriptor with a 15-bit picture id (RFC 7741, 4.2), the clip's bytes, and behind
 * the last ones, where no decoder reads, when the first was sent. */
static void send_video(struct peer *p) {
    uint8_t packet[PACKET];
    int head = p->twcc_id ? 20 : 12;
    uint64_t began = now_ns();
    if (p->want_key) p->frame = 0;
    if (p->frame == 0) p->want_key = 0, p->sent_key++;
    for (uint32_t i = clip.frames[p->frame]; i < clip.frames[p->frame + 1]; i++) {
        uint8_t *at = packet + head;
        uint32_t size = clip.packets[i + 1] - clip.packets[i];
        int last = i + 1 == clip.frames[p->frame + 1];
        *at++ = i == clip.frames[p->frame] ? 0x90 : 0x80;
        *at++ = 0x80, *at++ = 0x80 | (p->picture >> 8 & 0x7F), *at++ = p->picture;
        memcpy(at, clip.bytes + clip.packets[i], size), at += size;
        if (last) memcpy(at, &began, 8), at += 8;
        send_rtp(p, &p->video, packet, at - packet, last);
    }
    p->video.stamp += 3000, p->picture++;
    p->frame = (p->frame + 1) % clip.count;
}

static void send_audio(struct peer *p) {
    uint8_t packet[PACKET];
    int head = p->twcc_id ? 20 : 12;
    memset(packet + head, p->audio.seq, 80);
    packet[head] = 0x78;
    send_rtp(p, &p->audio, packet, head + 80, 0);
    p->audio.stamp += 960;
}

static int sender_report(uint8_t *at, const struct out *o, uint64_t now) {
    put32(at, 0x80C80006), put32(at + 4, o->ssrc);
    put32(at + 8, now / 1000000000 + 2208988800u);
    put32(at + 12, ((now % 1000000000) << 32) / 1000000000);
    put32(at + 16, o->stamp), put32(at + 20, o->packets), put32(at + 24, o->octets);
    return 28;
}

static int block(uint8_t *at, const struct in *heard) {
    memset(at, 0, 24);
    put32(at, heard->ssrc), put32(at + 8, heard->highest);
    return 24;
}

/* Publishers tell their clock; viewers send a receiver report and a REMB of 5 Mb/s. */
static void report(struct peer *p, uint64_t now) {
    uint8_t packet[PACKET], *at = packet;
    if (p->publishes) {
        at += sender_report(at, &p->video, now);
        send_rtcp(p, packet, at - packet);
        send_rtcp(p, packet, sender_report(packet, &p->audio, now));
        return;
    }
    put32(at, 0x82C9000D), put32(at + 4, p->video.ssrc), at += 8;
    at += block(at, &p->heard_video), at += block(at, &p->heard_audio);
    put32(at, 0x8FCE0005), put32(at + 4, p->video.ssrc), put32(at + 8, 0);
    memcpy(at + 12, "REMB", 4);
    put32(at + 16, 1u << 24 | 5u << 18 | 156250), put32(at + 20, p->heard_video.ssrc);
    send_rtcp(p, packet, at + 24 - packet);
}

static void ask_again(struct peer *p, uint16_t seq) {
    uint8_t packet[PACKET];
    put32(packet, 0x81CD0003), put32(packet + 4, p->video.ssrc), put32(packet + 8, p->heard_video.ssrc);
    put16(packet + 12, seq), put16(packet + 14, 0);
    send_rtcp(p, packet, 16);
    p->pending[p->pending_at] = seq, p->pending_set[p->pending_at] = 1;
    p->pending_at = (p->pending_at + 1) % PENDING;
}

static int was_pending(struct peer *p, uint16_t seq) {
    for (int i = 0; i < PENDING; i++)
        if (p->pending_set[i] && p->pending[i] == seq) return p->pending_set[i] = 0, 1;
    return 0;
}

static void take_rtcp(struct peer *p, uint8_t *datagram, int bytes) {
    if (unprotect_rtcp(p->inbound, datagram, &bytes)) { p->numbers.refused++; return; }
    for (uint8_t *at = datagram; at + 4 <= datagram + bytes; at += 4 * (get16(at + 2) + 1)) {
        int form = at[0] & 0x1F;
        if (at[1] == 206 && (form == 1 || form == 4)) p->want_key = 1, p->numbers.key_frame_requests++;
        if (at[1] == 205) *(form == 15 ? &p->numbers.feedback : &p->numbers.nacks) += 1;
    }
}

static void note_latency(const uint8_t *end, uint64_t arrived) {
    uint64_t began, bucket;
    memcpy(&began, end - 8, 8);
    bucket = arrived > began ? (arrived - began) / BUCKET_NS : 0;
    latency[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
}

static void take_rtp(struct peer *p, uint8_t *packet, int bytes, uint64_t arrived) {
    int type = packet[1] & 0x7F;
    uint16_t seq = get16(packet + 2);
    struct in *heard = type == p->video.type ? &p->heard_video : &p->heard_audio;
    if (type == p->video.type && p->lose_every && heard->received % p->lose_every == p->lose_every - 1u) {
        heard->received++;
        if (measuring) p->numbers.received++, p->numbers.lost_on_purpose++;
        ask_again(p, seq);
        return;
    }
    if (unprotect(p->inbound, packet, &bytes)) { p->numbers.refused++; return; }
    if (p->rtx_type && type == p->rtx_type) {
        int start = 12 + 4 * (packet[0] & 15);
        if (packet[0] & 0x10) start += 4 + 4 * get16(packet + start + 2);
        if (bytes >= start + 2 && was_pending(p, get16(packet + start)) && measuring) p->numbers.recovered++;
        return;
    }
    if (type == p->video.type && was_pending(p, seq)) { if (measuring) p->numbers.recovered++; return; }
    heard->ssrc = get32(packet + 8), heard->highest = seq, heard->received++;
    if (measuring) p->numbers.received++;
    if (type == p->video.type && packet[1] & 0x80) {
        if (!p->first_frame) p->first_frame = arrived;
        if (measuring) note_latency(packet + bytes, arrived);
    }
}

static void keep_other(int peer, const uint8_t *datagram, int bytes) {
    if (other_count == OTHERS) return;
    others[other_count] = (struct other){.peer = peer, .bytes = bytes};
    memcpy(others[other_count++].datagram, datagram, bytes);
}

static uint64_t stamp_of(struct msghdr *head, uint64_t otherwise) {
    struct cmsghdr *c = CMSG_FIRSTHDR(head);
    struct timespec t;
    if (!c || c->cmsg_type != SCM_TIMESTAMPNS) return otherwise;
    memcpy(&t, CMSG_DATA(c), sizeof t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static void receive(int number) {
    static uint8_t packets[BATCH][PACKET + TRAILER];
    static uint8_t controls[BATCH][64] __attribute__((aligned(8)));
    struct mmsghdr heads[BATCH];
    struct iovec vectors[BATCH];
    struct peer *p = &peers[number];
    int came;
    for (int i = 0; i < BATCH; i++) {
        vectors[i] = (struct iovec){packets[i], PACKET};
        heads[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1,
                                           .msg_control = controls[i], .msg_controllen = sizeof controls[i]};
    }
    came = recvmmsg(p->fd, heads, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < came; i++) {
        uint8_t *d = packets[i];
        int bytes = heads[i].msg_len;
        if (bytes < 12) continue;
        if (d[0] < 128) keep_other(number, d, bytes);
        else if (d[1] >= 192 && d[1] <= 223) take_rtcp(p, d, bytes);
        else if (!p->publishes) take_rtp(p, d, bytes, stamp_of(&heads[i].msg_hdr, now_ns()));
    }
}

static void keep_time(struct peer *p, uint64_t now, int sending) {
    if (now >= p->next_check) {
        send(p->fd, p->check, p->check_bytes, MSG_DONTWAIT);
        p->next_check += CHECK_NS;
    }
    if (!sending) return;
    if (p->publishes && now >= p->next_video) {
        if (measuring && now - p->next_video > p->numbers.late_ns) p->numbers.late_ns = now - p->next_video;
        send_video(p), p->next_video += VIDEO_NS;
    }
    if (p->publishes && now >= p->next_audio) send_audio(p), p->next_audio += AUDIO_NS;
    if (now >= p->next_report) report(p, now), p->next_report = now + REPORT_NS;
}

/* Whoever was paused goes on in step, and does not catch up. */
static uint64_t in_step(uint64_t next, uint64_t now, uint64_t every) {
    return now > next ? next + ((now - next) / every + 1) * every : next;
}

/* Run for so long. sending: whether publishers send; counted: whether packets and latencies count. */
void load_run(int ms, int sending, int counted) {
    struct epoll_event events[256];
    uint64_t end = now_ns() + (uint64_t)ms * 1000000, now;
    measuring = counted, now = now_ns();
    for (int i = 0; i < count && sending && !was_sending; i++) {
        peers[i].next_video = in_step(peers[i].next_video, now, VIDEO_NS);
        peers[i].next_audio = in_step(peers[i].next_audio, now, AUDIO_NS);
    }
    was_sending = sending;
    while ((now = now_ns()) < end) {
        for (int i = 0; i < count; i++) keep_time(&peers[i], now, sending);
        int ready = epoll_wait(epoll, events, 256, 1);
        for (int i = 0; i < ready; i++) receive(events[i].data.u32);
    }
}

int load_others(struct other *into, int most) {
    int taken = other_count < most ? other_count : most;
    memcpy(into, others, taken * sizeof *others);
    memmove(others, others + taken, (other_count - taken) * sizeof *others);
    other_count -= taken;
    return taken;
}

void load_numbers(int peer, struct numbers *into) { *into = peers[peer].numbers; }
uint64_t load_first_frame(int peer) { return peers[peer].first_frame; }
const uint32_t *load_latency(void) { return latency; }

void load_close(void) {
    close(epoll);
    count = other_count = measuring = was_sending = 0;
    memset(latency, 0, sizeof latency);
}
