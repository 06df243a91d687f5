/*
 * How long a program takes from exec() to its first answer, and what it then does while nobody
 * wants anything. Prints one line of JSON.
 *
 *	bench-start [--idle SECONDS] [--settle SECONDS] COMMAND ARGUMENT...
 *
 * The program must print "listening on http://127.0.0.1:PORT" and end on SIGTERM. --settle is how
 * long to wait before --idle begins to count.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "measure.h"
#include "socket.h"

static pid_t spawn(char **command, int *ret_output)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) < 0)
		fail("pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		fail("fork: %s", strerror(errno));
	if (pid == 0) {
		(void) dup2(ends[1], STDOUT_FILENO);
		(void) close(ends[0]);
		(void) close(ends[1]);
		execvp(command[0], command);
		fail("%s: %s", command[0], strerror(errno));
	}
	(void) close(ends[1]);
	*ret_output = ends[0];
	return pid;
}

static unsigned read_port(int output)
{
	static const char expected[] = "listening on http://127.0.0.1:";
	char line[256] = "";
	FILE *file = fdopen(output, "r");

	if (!file || !fgets(line, sizeof(line), file) ||
	    strncmp(line, expected, sizeof(expected) - 1) != 0)
		fail("expected the line '%sPORT', got '%s'", expected, line);
	return (unsigned) strtoul(line + sizeof(expected) - 1, NULL, 10);
}

static void get_page(unsigned port)
{
	char request[128], answer[64] = "";
	int fd = dial(port), n;

	n = snprintf(request, sizeof(request),
		     "GET / HTTP/1.1\r\nHost: 127.0.0.1:%u\r\nConnection: close\r\n\r\n", port);
	if (send(fd, request, (size_t) n, MSG_NOSIGNAL) != n ||
	    recv(fd, answer, sizeof(answer) - 1, 0) < 12)
		fail("no answer to a request");
	if (strncmp(answer + strlen("HTTP/1.1 "), "200", 3) != 0)
		fail("expected the answer 200, got '%s'", answer);
	(void) close(fd);
}

static void end(pid_t pid)
{
	int status;

	(void) kill(pid, SIGTERM);
	if (waitpid(pid, &status, 0) != pid || status != 0)
		fail("the program did not end well");
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "idle", required_argument, NULL, 'i' },
		{ "settle", required_argument, NULL, 's' },
		{ NULL, 0, NULL, 0 },
	};
	long idle_s = 0, settle_s = 0, woken = 0, rss_kb;
	int64_t start, started, cpu = 0;
	int c, output;
	pid_t pid;

	while ((c = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (c == 'i')
			idle_s = parse_number("--idle", optarg, 1);
		else if (c == 's')
			settle_s = parse_number("--settle", optarg, 0);
		else
			return EXIT_FAILURE;
	}
	if (optind == argc)
		fail("expected a command");

	start = now_ns();
	pid = spawn(argv + optind, &output);
	get_page(read_port(output));
	started = now_ns();

	(void) sleep((unsigned) settle_s);
	rss_kb = status_kb(pid, "VmRSS");
	if (idle_s) {
		cpu = cpu_ns(pid, NULL);
		woken = wakeups(pid);
		(void) sleep((unsigned) idle_s);
		cpu = cpu_ns(pid, NULL) - cpu;
		woken = wakeups(pid) - woken;
	}
	end(pid);
	printf("{\"ms\":%.3f,\"rss_kb\":%ld", (double) (started - start) / 1e6, rss_kb);
	if (idle_s)
		printf(",\"cpu_percent\":%.4f,\"wakeups_per_second\":%.2f",
		       (double) cpu / 1e7 / (double) idle_s, (double) woken / (double) idle_s);
	puts("}");
	return EXIT_SUCCESS;
}
