#include "user-prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* A terminal must get its echo back, whatever ends the question. */
static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = 1;
}

/* What the signals were before, to be so again. */
struct before {
	struct sigaction actions[3];
	sigset_t mask;
};

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

/* They come only while one waits: one that came just before would be forgotten by read(). */
static void catch_signals(struct before *before)
{
	const struct sigaction action = { .sa_handler = on_signal };
	sigset_t mask;

	interrupted = 0;
	sigemptyset(&mask);
	for (int i = 0; i < 3; i++) {
		sigaddset(&mask, numbers[i]);
		(void) sigaction(numbers[i], &action, &before->actions[i]);
	}
	(void) sigprocmask(SIG_BLOCK, &mask, &before->mask);
}

static void release_signals(const struct before *before)
{
	(void) sigprocmask(SIG_SETMASK, &before->mask, NULL);
	for (int i = 0; i < 3; i++)
		(void) sigaction(numbers[i], &before->actions[i], NULL);
}

/* One byte; returns 1, 0 at the end, or a negative errno. @mask is that of waiting. */
static int read_byte(int fd, const sigset_t *mask, char *ret)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	ssize_t n;

	do {
		n = ppoll(&poll_fd, 1, NULL, mask) < 0 ? -1 : read(fd, ret, 1);
	} while (n < 0 && errno == EINTR && !interrupted);
	if (n < 0)
		return interrupted ? -ECANCELED : -errno;
	return n > 0;
}

/* A line without its end. Byte by byte, so that what follows is left to whoever reads next. */
static int read_line(int fd, const sigset_t *mask, char *ret, size_t ret_size)
{
	size_t n = 0;
	char c;
	int r;

	ret[0] = '\0';
	for (;;) {
		r = read_byte(fd, mask, &c);
		if (r < 0)
			return r;
		if (r == 0 || c == '\n')
			break;
		if (n + 1 >= ret_size || c == '\0')
			return -E2BIG;
		ret[n++] = c;
	}
	/* A file of another system. */
	if (n > 0 && ret[n - 1] == '\r')
		n--;
	ret[n] = '\0';
	return n > 0 ? 0 : -ENODATA;
}

static int ask(int fd, const sigset_t *mask, const char *question, const char *name, char *ret,
	       size_t ret_size)
{
	int r;

	(void) dprintf(fd, "%s %s: ", question, name);
	r = read_line(fd, mask, ret, ret_size);
	(void) dprintf(fd, "\n");
	return r;
}

static int ask_twice(int fd, const sigset_t *mask, const char *name, char *ret, size_t ret_size)
{
	char again[1024];
	int r;

	r = ask(fd, mask, "Password for", name, ret, ret_size);
	if (r < 0)
		return r;
	r = ask(fd, mask, "The same again for", name, again, sizeof(again));
	if (r >= 0 && strcmp(ret, again) != 0)
		r = -EILSEQ;
	explicit_bzero(again, sizeof(again));
	return r;
}

static int ask_terminal(int fd, const char *name, char *ret, size_t ret_size)
{
	struct termios before, silent;
	struct before signals;
	int r;

	if (tcgetattr(fd, &before) < 0)
		return -errno;
	silent = before;
	silent.c_lflag &= ~(tcflag_t) (ECHO | ECHONL);
	silent.c_lflag |= ICANON | ISIG;
	catch_signals(&signals);
	r = tcsetattr(fd, TCSAFLUSH, &silent) < 0
		    ? -errno
		    : ask_twice(fd, &signals.mask, name, ret, ret_size);
	(void) tcsetattr(fd, TCSAFLUSH, &before);
	release_signals(&signals);
	return r;
}

static int read_password(const char *name, char *ret, size_t ret_size)
{
	int fd, r;

	if (!isatty(STDIN_FILENO))
		return read_line(STDIN_FILENO, NULL, ret, ret_size);
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	r = ask_terminal(fd, name, ret, ret_size);
	(void) close(fd);
	return r;
}

int vz_user_prompt(const char *name, char *ret, size_t ret_size)
{
	int r = read_password(name, ret, ret_size);

	if (r == -ENODATA)
		fputs("vizyd: no password was given\n", stderr);
	else if (r == -EILSEQ)
		fputs("vizyd: the two passwords are not the same\n", stderr);
	else if (r == -E2BIG)
		fputs("vizyd: a password may have at most 511 bytes, and no NUL\n", stderr);
	else if (r < 0 && r != -ECANCELED)
		fprintf(stderr, "vizyd: cannot read a password: %s\n", strerror(-r));
	return r == -ENODATA || r == -EILSEQ || r == -E2BIG ? -EINVAL : r;
}
