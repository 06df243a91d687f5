#include "config/keys.h"

#include "config/config.h"
#include "util/cleanup.h"

#define KEY(section, name, kind, field, ...)                                        \
	{                                                                           \
		section, name, kind, offsetof(struct vz_config, field), __VA_ARGS__ \
	}

/* Effects that are not said are VZ_EFFECT_RESTART. `vizyd --sample-config` prints the rest. */
const struct vz_key vz_keys[] = {
	KEY("server", "listen", VZ_KEY_LIST, listen, 0, 0, ":8080",
	    "ADDRESS:PORT, such as 0.0.0.0:80 or [::1]:8080",
	    .form = "^(\\[[0-9A-Fa-f:.]+]|[^]:[]*):[0-9]{1,5}$", .effect = VZ_EFFECT_RELOAD,
	    .help = "Where to serve. May be repeated; port 0 picks a free one. Ports below 1024 "
		    "are for vizyd.socket, beside\n"
		    "which this has no default."),
	KEY("server", "allowed_origin", VZ_KEY_LIST, allowed_origins, 0, 0, NULL,
	    "an origin such as http://class.example:8080", .effect = VZ_EFFECT_RELOAD,
	    .help = "Pages of other origins that may talk to this camera. May be repeated.",
	    .example = "http://class.example:8080"),
	KEY("server", "connections_per_address", VZ_KEY_UINT, n_connections_per_address, 8, 65536,
	    "256", "a number from 8 to 65536", .effect = VZ_EFFECT_RELOAD,
	    .help = "How many connections one address may hold; a page holds two to eight. A class "
		    "behind one router is\n"
		    "one address."),
	KEY("server", "title", VZ_KEY_STRING, title, 0, 0, "vizyd", "a text",
	    .effect = VZ_EFFECT_RELOAD, .help = "What stands above the page."),
	KEY("server", "prefix", VZ_KEY_STRING, prefix, 0, 0, "/",
	    "a path that begins and ends with /, such as /cam/, of letters, digits and . _ ~ -",
	    .form = "^/([A-Za-z0-9_~-][A-Za-z0-9._~-]*/)*$",
	    .help = "The path under which everything is served, for a proxy that hands on one path "
		    "to this camera: /cam/"),
	KEY("server", "admin", VZ_KEY_WORD, admin, 0, 0, "local", "local, anyone or nobody",
	    (const char *const[]){ "local", "anyone", "nobody", NULL },
	    .help = "Who may load plugins anew while nobody has to log in: local (a browser on "
		    "this machine itself; behind a\n"
		    "proxy that is everybody), anyone or nobody. A user with the role admin always "
		    "may."),
	KEY("server", "login", VZ_KEY_WORD, login, 0, 0, "auto", "auto or required",
	    (const char *const[]){ "auto", "required", NULL }, .effect = VZ_EFFECT_RELOAD,
	    .help = "Whether one has to log in: auto, unless every address above is this machine's "
		    "own (127.0.0.1, [::1]), or\n"
		    "required, which is for behind a proxy on this machine."),
	KEY("server", "session_days", VZ_KEY_DOUBLE, session_days, 0.00001, 3650, "30",
	    "a number of days from 0.00001 to 3650",
	    .help = "So long a browser stays logged in that is not used."),
	KEY("server", "ui_dir", VZ_KEY_STRING, ui_dir, 0, 0, NULL, "a folder",
	    .help = "Where the browser's files are; by default where packages put them."),

	KEY("camera", "source", VZ_KEY_STRING, camera, 0, 0, "auto",
	    "auto, simulated[:N], file:PATH or libcamera[:ID]",
	    .form = "^(auto|simulated(:[0-9]+)?|file:.+|libcamera(:.+)?)$",
	    .effect = VZ_EFFECT_CAMERA, .help = "auto, simulated[:N], file:PATH or libcamera[:ID]"),
	KEY("camera", "width", VZ_KEY_UINT, width_px, 0, 8192, "0", "a number from 0 to 8192",
	    .effect = VZ_EFFECT_CAMERA, .help = "In pixels; 0: the camera's own choice."),
	KEY("camera", "height", VZ_KEY_UINT, height_px, 0, 8192, "0", "a number from 0 to 8192",
	    .effect = VZ_EFFECT_CAMERA, .help = "In pixels; 0: the camera's own choice."),
	KEY("camera", "fps", VZ_KEY_DOUBLE, fps, 0, 1000, "0", "a number from 0 to 1000",
	    .effect = VZ_EFFECT_CAMERA, .help = "Pictures a second; 0: the camera's own choice."),
	KEY("camera", "file_once", VZ_KEY_BOOL, file_once, 0, 0, "no", "yes or no",
	    .effect = VZ_EFFECT_CAMERA, .help = "Play a file once instead of in a loop."),
	KEY("camera", "jpeg_quality", VZ_KEY_UINT, jpeg_quality_percent, 1, 100, "80",
	    "a number from 1 to 100", .effect = VZ_EFFECT_RELOAD,
	    .help = "Of the pictures that browsers get, in percent."),

	KEY("motionscope", "clips", VZ_KEY_STRING, clips_dir, 0, 0, NULL, "a folder",
	    .help = "A folder with videos to choose from, beside those that are uploaded and "
		    "recorded. It is only read."),
	KEY("motionscope", "upload_mb", VZ_KEY_UINT, upload_mb, 1, 1000000, "2000",
	    "a number of megabytes from 1 to 1000000",
	    .help = "How large a video may be that is uploaded, in MB."),
	KEY("motionscope", "clips_mb", VZ_KEY_UINT, clips_mb, 1, 100000000, "8000",
	    "a number of megabytes from 1 to 100000000",
	    .help = "How much all that were uploaded may take, in MB; the disk keeps 64 MB free, "
		    "whatever this says."),

	KEY("recorder", "memory", VZ_KEY_UINT, recorder_memory_mb, 1, 65536, "160",
	    "a number of megabytes from 1 to 65536",
	    .help = "Megabytes for the last seconds before a trigger, taken only while they are "
		    "kept. The page says how many\n"
		    "seconds that are: 160 is 12 s of 640x480 at 30 pictures a second."),
	KEY("recorder", "disk", VZ_KEY_UINT, recorder_disk_mb, 1, 16777216, "4000",
	    "a number of megabytes from 1 to 16777216",
	    .help = "Megabytes for all recordings, which are in the state folder. When they are "
		    "used up the oldest that\n"
		    "nobody has named or kept are removed."),

	KEY("daemon", "state_dir", VZ_KEY_STRING, state_dir, 0, 0, NULL, "a folder",
	    .help = "Where settings are kept; by default what systemd gives in StateDirectory=."),
	KEY("daemon", "log", VZ_KEY_STRING, log, 0, 0, "info", "LEVEL[,topic:LEVEL]",
	    .effect = VZ_EFFECT_RELOAD,
	    .help = "error, warning, notice, info or debug, then what differs by topic: "
		    "info,cam:debug"),
	KEY("daemon", "workers", VZ_KEY_UINT, n_workers, 0, 64, "0", "a number from 0 to 64",
	    .help = "Threads for callbacks that may wait; 0: one for each core."),
	KEY("daemon", "deadline", VZ_KEY_DOUBLE, deadline_s, 0.1, 3600, "30",
	    "a number of seconds from 0.1 to 3600", .effect = VZ_EFFECT_RELOAD,
	    .help = "After so many seconds a browser is told that a callback takes too long; it "
		    "runs on."),

	KEY("plugins", "load", VZ_KEY_LIST, plugins, 0, 0, NULL,
	    "names of plugins, such as: example robots?optional",
	    .form = "^[ \t,]*([a-z]([a-z0-9-]*[a-z0-9])?(\\?optional)?([ \t,]+|$))+$",
	    .effect = VZ_EFFECT_RELOAD,
	    .help = "Names of plugins to load, those with '?optional' only if they are there. May "
		    "be repeated.",
	    .example = "example robots?optional"),
	KEY("plugins", "dir", VZ_KEY_STRING, plugin_dir, 0, 0, VZ_PLUGIN_DIR, "a folder",
	    .help = "Where NAME.so is looked for; by default where packages put them."),
};

const size_t vz_n_keys = VZ_N_ELEMENTS(vz_keys);
