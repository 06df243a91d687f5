/*
 * The cable: a port of the kernel's virtual USB host controller (vhci-hcd), which speaks the
 * messages of USB/IP (Documentation/usb/usbip_protocol.rst) over a socket. Ends when the kernel
 * lets the device go; when this ends, by whatever signal, the device is unplugged.
 */
#include "usb-camera.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <linux/usb/ch9.h>

#define ATTACH	    "/sys/devices/platform/vhci_hcd.0/attach"
#define DEVICE_ID   0x10001
#define MAX_DATA    65536
#define N_URBS	    64
#define SECOND_NS   1000000000LL
#define TOO_LATE_NS 500000000LL

enum { SUBMIT = 1, UNLINK = 2, SUBMITTED = 3, UNLINKED = 4 };

/* Both ways, numbers in network order. What an answer does not use is zero. */
struct message {
	uint32_t command, number, device, direction, endpoint;
	union {
		struct {
			uint32_t flags, n_data, start_frame, n_packets, interval;
			struct usb_ctrlrequest request;
		} submit;
		struct {
			int32_t status;
			uint32_t n_data, start_frame, n_packets, n_errors;
			uint8_t padding[8];
		} submitted;
		struct {
			uint32_t number;
			uint8_t padding[24];
		} unlink;
		struct {
			int32_t status;
			uint8_t padding[24];
		} unlinked;
	};
};
_Static_assert(sizeof(struct message) == 48, "as in the protocol");

/* What the host wants to be filled with pictures, oldest first. */
static struct urb {
	uint32_t number; /* as it came */
	uint32_t n_data;
} urbs[N_URBS];
static int n_urbs;

static uint8_t payload[CAMERA_PAYLOAD];
static uint32_t n_sent = CAMERA_PAYLOAD; /* of the payload */
static int64_t next_ns;
static int kernel = -1;

static int64_t now_ns(void)
{
	struct timespec now;

	(void) clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND_NS + now.tv_nsec;
}

/* The kernel has closed its end: unplugged. */
static void get(void *data, size_t n)
{
	for (uint8_t *at = data; n > 0;) {
		ssize_t r = read(kernel, at, n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			exit(0);
		at += r;
		n -= (size_t) r;
	}
}

static void put(const void *data, size_t n)
{
	for (const uint8_t *at = data; n > 0;) {
		ssize_t r = write(kernel, at, n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			exit(0);
		at += r;
		n -= (size_t) r;
	}
}

static void answer(uint32_t number, int status, uint32_t n_data, const void *data, bool with_data)
{
	struct message message = { .command = htonl(SUBMITTED), .number = number };

	message.submitted.status = (int32_t) htonl((uint32_t) status);
	message.submitted.n_data = htonl(n_data);
	put(&message, sizeof(message));
	if (with_data)
		put(data, n_data);
}

/* --- Requests ------------------------------------------------------------------------------- */

static void submit(const struct message *message)
{
	static uint8_t data[MAX_DATA];
	uint32_t n = ntohl(message->submit.n_data);
	bool to_device = !ntohl(message->direction);
	int r;

	if (ntohl(message->endpoint) == CAMERA_ENDPOINT) {
		if (n_urbs == N_URBS) {
			fprintf(stderr, "usb-camera: the host asks for more than %d at once\n",
				N_URBS);
			exit(1);
		}
		urbs[n_urbs++] = (struct urb){ message->number, n };
		return;
	}
	if (n > sizeof(data)) {
		fprintf(stderr, "usb-camera: a control request of %u bytes\n", n);
		exit(1);
	}
	if (to_device)
		get(data, n);
	r = camera_control(&message->submit.request, data, (int) n);
	answer(message->number, r < 0 ? r : 0, r < 0 ? 0 : (uint32_t) r, data, r > 0 && !to_device);
}

static void forget(const struct message *message)
{
	struct message reply = { .command = htonl(UNLINKED), .number = message->number };

	for (int i = 0; i < n_urbs; i++) {
		if (urbs[i].number != message->unlink.number)
			continue;
		n_urbs--;
		memmove(urbs + i, urbs + i + 1, sizeof(urbs[0]) * (size_t) (n_urbs - i));
		reply.unlinked.status = (int32_t) htonl((uint32_t) -ECONNRESET);
		break;
	}
	/* The stream was stopped: the next one begins with a whole picture. */
	if (n_urbs == 0)
		n_sent = sizeof(payload);
	put(&reply, sizeof(reply));
}

static void on_message(void)
{
	struct message message;

	get(&message, sizeof(message));
	switch (ntohl(message.command)) {
	case SUBMIT:
		submit(&message);
		break;
	case UNLINK:
		forget(&message);
		break;
	default:
		fprintf(stderr, "usb-camera: message %u is none of USB/IP\n",
			ntohl(message.command));
		exit(1);
	}
}

/* --- Pictures ------------------------------------------------------------------------------- */

/* Draws the next one when it is due. */
static bool have_picture(void)
{
	int64_t now = now_ns();

	if (n_sent < sizeof(payload))
		return true;
	if (now < next_ns)
		return false;
	/* After a pause the clock goes on from now, rather than that the missed ones come all at
	 * once. */
	if (now - next_ns > TOO_LATE_NS)
		next_ns = now;
	next_ns += SECOND_NS / CAMERA_FPS;
	camera_draw(payload);
	n_sent = 0;
	return true;
}

static void send_pictures(void)
{
	while (n_urbs > 0 && have_picture()) {
		uint32_t n = CAMERA_PAYLOAD - n_sent;

		if (n > urbs[0].n_data)
			n = urbs[0].n_data;
		answer(urbs[0].number, 0, n, payload + n_sent, true);
		n_sent += n;
		n_urbs--;
		memmove(urbs, urbs + 1, sizeof(urbs[0]) * (size_t) n_urbs);
	}
}

/* In ms, for poll(). */
static int wait_ms(void)
{
	int64_t left_ns = next_ns - now_ns();

	return n_urbs == 0 ? -1 : left_ns <= 0 ? 0 : (int) (left_ns / 1000000 + 1);
}

static int plug_in(void)
{
	int ends[2], fd, r = 0;
	char line[64];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	fd = open(ATTACH, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* Port, socket, device, speed: the kernel takes a reference to the socket. */
	(void) snprintf(line, sizeof(line), "0 %d %d %d", ends[1], DEVICE_ID, USB_SPEED_HIGH);
	if (write(fd, line, strlen(line)) < 0)
		r = -errno;
	(void) close(fd);
	(void) close(ends[1]);
	kernel = ends[0];
	return r;
}

int main(void)
{
	int r;

	camera_init();
	r = plug_in();
	if (r < 0) {
		fprintf(stderr, "usb-camera: " ATTACH ": %s\n", strerror(-r));
		return 1;
	}
	for (;;) {
		struct pollfd ready = { .fd = kernel, .events = POLLIN };

		if (poll(&ready, 1, wait_ms()) > 0)
			on_message();
		send_pictures();
	}
}
