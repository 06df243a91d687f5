#include "user-command.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/config.h"
#include "options.h"
#include "user-prompt.h"
#include "users/password.h"
#include "users/user-store.h"
#include "util/cleanup.h"
#include "util/complain.h"

#define DONE  0
#define FAIL  1
#define USAGE 2

/* Where the service keeps its state: systemd's StateDirectory=. */
#define SERVICE_STATE_DIR "/var/lib/vizyd"

static const char usage[] =
	"Usage: vizyd user [OPTION]... COMMAND\n"
	"The users of this device. A daemon that runs notices at once.\n"
	"\n"
	"  list                      who there is: name and role, one a line\n"
	"  add NAME [--role ROLE]    a new one; viewer, user (if not said) or admin\n"
	"  passwd NAME               another password; where that user is logged in, it ends\n"
	"  role NAME ROLE            another role\n"
	"  del NAME                  removes one\n"
	"  guests [on|off]           whether those may look who are not logged in; says it, or "
	"sets it\n"
	"\n"
	"  --force                   also the last user with the role admin\n"
	"  --state-dir DIR           where they are kept; otherwise as the daemon finds it\n"
	"  --config FILE             instead of " VZ_CONFIG_FILE "\n"
	"  --help                    print this and end\n"
	"\n"
	"Passwords are asked for on the terminal; when standard input is none, its first line is "
	"one.\n";

struct command {
	char *dir;
	const char *role, *state_dir, *config;
	bool force;
	int argc; /* what is left: the command and its arguments */
	char **argv;
};

static int fail_usage(const char *what, const char *word)
{
	fprintf(stderr, "vizyd: %s%s%s%s\nTry 'vizyd user --help'.\n", what, word ? " '" : "",
		word ? word : "", word ? "'" : "");
	return USAGE;
}

/* --- The file -------------------------------------------------------------------------------- */

/* What to do is said where more than the sentence is needed. */
static int fail_store(const struct command *command, int r, const char *error)
{
	if (r == -EBADMSG)
		return vz_complain(FAIL,
				   "%s/" VZ_USERS_FILE
				   " is damaged (%s). 'vizyd user add NAME --role "
				   "admin' begins a new one and keeps this as " VZ_USERS_FILE_BAD,
				   command->dir, error);
	if (r == -EACCES || r == -EPERM)
		return vz_complain(FAIL, "%s: not allowed; try sudo", command->dir);
	if (r == -ENODEV)
		return vz_complain(FAIL, "%s", error);
	if (r == -EBUSY)
		return vz_complain(FAIL, "this is the last user with the role admin; nobody could "
					 "add users any "
					 "more but from a shell (--force does it all the same)");
	return vz_complain(FAIL, "%s", error);
}

static int change(const struct command *command, const struct vz_user_change *change, bool replace)
{
	struct vz_user_list list = { 0 };
	char error[160] = "";
	int r;

	r = vz_user_store_change(command->dir, change, replace, &list, error);
	vz_user_list_deinit(&list);
	return r < 0 ? fail_store(command, r, error) : DONE;
}

static int load(const struct command *command, struct vz_user_list *ret)
{
	char error[160] = "";
	int r = vz_user_store_load(command->dir, ret, error);

	return r < 0 ? fail_store(command, r, error) : DONE;
}

/* --- The commands ---------------------------------------------------------------------------- */

static int set_name(struct vz_user_change *change, const char *name)
{
	if (vz_user_name_make(name, change->name) < 0)
		return vz_complain(FAIL, "'%s': %s", name, vz_user_error_text(-EINVAL));
	return DONE;
}

static int set_role(struct vz_user_change *change, const char *role)
{
	change->role = vz_role_find(role);
	return change->role ? DONE
			    : vz_complain(FAIL, "'%s': expected viewer, user or admin", role);
}

static int set_password(struct vz_user_change *change)
{
	char password[VZ_PASSWORD_MAX + 1];
	const char *error;
	int r;

	r = vz_user_prompt(change->name, password, sizeof(password));
	if (r < 0)
		return FAIL;
	error = vz_password_judge(password);
	if (!error) {
		r = vz_password_hash(password, change->hash);
		if (r >= 0)
			r = vz_random_bytes(&change->serial, sizeof(change->serial));
	}
	explicit_bzero(password, sizeof(password));
	if (error)
		return vz_complain(FAIL, "%s", error);
	return r < 0 ? vz_complain(FAIL, "cannot hash the password: %s", strerror(-r)) : DONE;
}

/* Before the password is asked for, what would be refused after. */
static int check_user(const struct command *command, const char *name, bool should_be_there,
		      bool replace)
{
	struct vz_user_list list = { 0 };
	char error[160] = "";
	bool is_there;
	int r;

	r = vz_user_store_load(command->dir, &list, error);
	if (r == -EBADMSG && replace)
		return DONE;
	if (r < 0)
		return fail_store(command, r, error);
	is_there = vz_user_list_find(&list, name);
	vz_user_list_deinit(&list);
	if (is_there == should_be_there)
		return DONE;
	return vz_complain(FAIL, "'%s': %s", name,
			   vz_user_error_text(is_there ? -EEXIST : -ENOENT));
}

static int add(const struct command *command)
{
	struct vz_user_change what = { .action = VZ_USER_ADD };
	bool replace;
	int r;

	r = set_name(&what, command->argv[1]);
	if (!r)
		r = set_role(&what, command->role ? command->role : "user");
	/* Whoever has a shell here may begin anew, but with somebody who can add the others. */
	replace = what.role == VZ_ROLE_ADMIN;
	if (!r)
		r = check_user(command, what.name, false, replace);
	if (!r)
		r = set_password(&what);
	return r ? r : change(command, &what, replace);
}

static int passwd(const struct command *command)
{
	struct vz_user_change what = { .action = VZ_USER_SET_PASSWORD };
	int r;

	r = set_name(&what, command->argv[1]);
	if (!r)
		r = check_user(command, what.name, true, false);
	if (!r)
		r = set_password(&what);
	return r ? r : change(command, &what, false);
}

static int role(const struct command *command)
{
	struct vz_user_change what = { .action = VZ_USER_SET_ROLE, .force = command->force };
	int r;

	r = set_name(&what, command->argv[1]);
	if (!r)
		r = set_role(&what, command->argv[2]);
	return r ? r : change(command, &what, false);
}

static int del(const struct command *command)
{
	struct vz_user_change what = { .action = VZ_USER_REMOVE, .force = command->force };
	int r = set_name(&what, command->argv[1]);

	return r ? r : change(command, &what, false);
}

static int list(const struct command *command)
{
	struct vz_user_list users = { 0 };
	int r = load(command, &users);

	for (size_t i = 0; i < users.n_users; i++)
		printf("%s\t%s\n", users.users[i].name, vz_role_name(users.users[i].role));
	vz_user_list_deinit(&users);
	return r || fflush(stdout) == 0 ? r
					: vz_complain(FAIL, "standard output: %s", strerror(errno));
}

static int guests(const struct command *command)
{
	struct vz_user_change what = { .action = VZ_USER_SET_GUESTS };
	struct vz_user_list users = { 0 };
	int r;

	if (command->argc < 2) {
		r = load(command, &users);
		if (!r)
			puts(users.allows_guests ? "on" : "off");
		vz_user_list_deinit(&users);
		return r;
	}
	what.allows_guests = strcmp(command->argv[1], "on") == 0;
	if (!what.allows_guests && strcmp(command->argv[1], "off"))
		return fail_usage("expected on or off, found", command->argv[1]);
	return change(command, &what, false);
}

static const struct {
	const char *name;
	int min, max; /* arguments */
	int (*run)(const struct command *command);
} commands[] = {
	{ "list", 0, 0, list }, { "add", 1, 1, add }, { "passwd", 1, 1, passwd },
	{ "role", 2, 2, role }, { "del", 1, 1, del }, { "guests", 0, 1, guests },
};

static int perform(struct command *command)
{
	if (command->argc < 1)
		return fail_usage("expected a command", NULL);
	for (size_t i = 0; i < VZ_N_ELEMENTS(commands); i++) {
		if (strcmp(commands[i].name, command->argv[0]))
			continue;
		if (command->argc - 1 < commands[i].min)
			return fail_usage("an argument is missing after", commands[i].name);
		if (command->argc - 1 > commands[i].max)
			return fail_usage("unexpected argument",
					  command->argv[commands[i].max + 1]);
		if (command->role && commands[i].run != add)
			return fail_usage("--role belongs to", "add");
		return commands[i].run(command);
	}
	return fail_usage("no such command:", command->argv[0]);
}

/* --- The command line ------------------------------------------------------------------------ */

/* As the daemon finds it; and for a shell, which has no StateDirectory=, where the service has it.
 */
static int find_dir(struct command *command)
{
	VZ_CLEANUP(vz_config_freep) struct vz_config *config = NULL;
	VZ_CLEANUP(vz_freep) char *error = NULL;
	char *argv[] = { (char[]){ "vizyd" }, NULL };
	const struct vz_options options = { .argc = 1,
					    .argv = argv,
					    .config_path = command->config };
	int r;

	if (!command->state_dir) {
		if (access(SERVICE_STATE_DIR, F_OK) == 0)
			(void) setenv("STATE_DIRECTORY", SERVICE_STATE_DIR, 0);
		r = vz_options_load(&options, &config, &error);
		if (r < 0)
			return vz_complain(FAIL, "%s", error ? error : strerror(-r));
		if (!config->state_dir)
			return vz_complain(FAIL, "no state folder is known; say --state-dir");
		command->state_dir = config->state_dir;
	}
	command->dir = strdup(command->state_dir);
	return command->dir ? DONE : vz_complain(FAIL, "out of memory");
}

static int read_options(int argc, char **argv, struct command *ret)
{
	static const struct option options[] = {
		{ "role", required_argument, NULL, 'r' },
		{ "force", no_argument, NULL, 'f' },
		{ "state-dir", required_argument, NULL, 's' },
		{ "config", required_argument, NULL, 'c' },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'r':
			ret->role = optarg;
			break;
		case 'f':
			ret->force = true;
			break;
		case 's':
			ret->state_dir = optarg;
			break;
		case 'c':
			ret->config = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return -1;
		default:
			fputs("Try 'vizyd user --help'.\n", stderr);
			return USAGE;
		}
	}
	ret->argc = argc - optind;
	ret->argv = argv + optind;
	return DONE;
}

int vz_user_command(int argc, char **argv)
{
	struct command command = { 0 };
	int r;

	r = read_options(argc, argv, &command);
	if (r < 0)
		return DONE;
	if (!r)
		r = find_dir(&command);
	if (!r)
		r = perform(&command);
	free(command.dir);
	return r;
}
