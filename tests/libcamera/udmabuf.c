/*
 * To be preloaded where the kernel has neither /dev/udmabuf nor a dma-heap: libcamera's virtual
 * pipeline takes its buffers from these and has no other source of memory. The device is played
 * with plain memory files. For the CPU a memory file is what a dma-buf is: a descriptor to map.
 *
 *	open("/dev/udmabuf")		a memory file that stands for the device
 *	ioctl(UDMABUF_CREATE)		a duplicate of the caller's own memory file, which is the
 *buffer ioctl(DMA_BUF_*) on that	succeeds and does nothing
 *
 * The virtual pipeline also fills a buffer as soon as it is queued, thousands of times a second.
 * UDMABUF_FPS paces it: the pipeline maps a buffer for writing once per picture, and that call
 *waits for the next tick. Only one camera at a time is paced well.
 */
/* It renames open() and mmap(); here both the old and the new names are defined. */
#undef _FILE_OFFSET_BITS

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <linux/udmabuf.h>

#define DEVICE	  "/dev/udmabuf"
#define N_FDS	  1024
#define SECOND_NS 1000000000LL

#define EXPORT __attribute__((visibility("default")))

/* Which descriptors are buffers of ours. A closed one that is used anew is at worst paced too. */
static bool is_buffer[N_FDS];

static bool is_ours(int fd)
{
	return fd >= 0 && fd < N_FDS && __atomic_load_n(&is_buffer[fd], __ATOMIC_RELAXED);
}

static bool is_missing_device(const char *path)
{
	return path && strcmp(path, DEVICE) == 0 && access(DEVICE, F_OK) < 0;
}

static int open_device(void)
{
	return memfd_create("udmabuf", MFD_CLOEXEC);
}

/* The mode is read whether it was passed or not: it is only looked at where it was. */
#define DEFINE_OPEN(name)                                                      \
	EXPORT int name(const char *path, int flags, ...);                     \
	EXPORT int name(const char *path, int flags, ...)                      \
	{                                                                      \
		int (*next)(const char *, int, ...) = dlsym(RTLD_NEXT, #name); \
		va_list args;                                                  \
		int mode;                                                      \
                                                                               \
		if (is_missing_device(path))                                   \
			return open_device();                                  \
		va_start(args, flags);                                         \
		mode = va_arg(args, int);                                      \
		va_end(args);                                                  \
		return next(path, flags, mode);                                \
	}

DEFINE_OPEN(open)
DEFINE_OPEN(open64)

static int create_buffer(const struct udmabuf_create *request)
{
	int fd = fcntl((int) request->memfd, F_DUPFD_CLOEXEC, 3);

	if (fd >= 0 && fd < N_FDS)
		__atomic_store_n(&is_buffer[fd], true, __ATOMIC_RELAXED);
	return fd;
}

EXPORT int ioctl(int fd, unsigned long request, ...)
{
	int (*next)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
	va_list args;
	void *argument;

	va_start(args, request);
	argument = va_arg(args, void *);
	va_end(args);

	if (request == UDMABUF_CREATE) {
		int r = next(fd, request, argument);

		return r < 0 && (errno == ENOTTY || errno == EINVAL) ? create_buffer(argument) : r;
	}
	/* 'b' is the letter of dma-buf's own calls. */
	if (is_ours(fd) && _IOC_TYPE(request) == 'b')
		return 0;
	return next(fd, request, argument);
}

static void wait_for_tick(long fps)
{
	static int64_t next_ns; /* of the pipeline's one thread */
	struct timespec ts;
	int64_t now_ns;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	now_ns = ts.tv_sec * SECOND_NS + ts.tv_nsec;
	if (next_ns < now_ns - SECOND_NS)
		next_ns = now_ns;
	ts.tv_sec = next_ns / SECOND_NS;
	ts.tv_nsec = next_ns % SECOND_NS;
	(void) clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
	next_ns += SECOND_NS / fps;
}

static void *map(const char *name, void *address, size_t size, int protection, int flags, int fd,
		 off64_t offset)
{
	void *(*next)(void *, size_t, int, int, int, off64_t) = dlsym(RTLD_NEXT, name);
	const char *fps = getenv("UDMABUF_FPS");

	/* Planes behind the first are of the same picture. */
	if (fps && atol(fps) > 0 && is_ours(fd) && (protection & PROT_WRITE) && offset == 0)
		wait_for_tick(atol(fps));
	return next(address, size, protection, flags, fd, offset);
}

EXPORT void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
	return map("mmap", address, size, protection, flags, fd, offset);
}

EXPORT void *mmap64(void *address, size_t size, int protection, int flags, int fd, off64_t offset)
{
	return map("mmap64", address, size, protection, flags, fd, offset);
}
