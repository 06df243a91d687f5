#include "config/keys.h"

#include "config/config.h"
#include "util/cleanup.h"

#define KEY(section, name, kind, field, ...)                                        \
	{                                                                           \
		section, name, kind, offsetof(struct vz_config, field), __VA_ARGS__ \
	}

/* A test holds systemd/vizyd.conf, the commented sample that packages install, to this table. */
const struct vz_key vz_keys[] = {
	KEY("server", "listen", VZ_KEY_LIST, listen, 0, 0, ":8080",
	    "ADDRESS:PORT, such as 0.0.0.0:80 or [::1]:8080",
	    .form = "^(\\[[0-9A-Fa-f:.]+]|[^]:[]*):[0-9]{1,5}$"),
	KEY("server", "allowed_origin", VZ_KEY_LIST, allowed_origins, 0, 0, NULL,
	    "an origin such as http://class.example:8080"),
	KEY("server", "connections_per_address", VZ_KEY_UINT, n_connections_per_address, 8, 65536,
	    "256", "a number from 8 to 65536"),
	KEY("server", "title", VZ_KEY_STRING, title, 0, 0, "vizyd", "a text"),
	KEY("server", "prefix", VZ_KEY_STRING, prefix, 0, 0, "/",
	    "a path that begins and ends with /, such as /cam/, of letters, digits and . _ ~ -",
	    .form = "^/([A-Za-z0-9_~-][A-Za-z0-9._~-]*/)*$"),
	KEY("server", "admin", VZ_KEY_WORD, admin, 0, 0, "local", "local, anyone or nobody",
	    (const char *const[]){ "local", "anyone", "nobody", NULL }),
	KEY("server", "ui_dir", VZ_KEY_STRING, ui_dir, 0, 0, NULL, "a folder"),

	KEY("camera", "source", VZ_KEY_STRING, camera, 0, 0, "auto",
	    "auto, simulated[:N], file:PATH or libcamera[:ID]",
	    .form = "^(auto|simulated(:[0-9]+)?|file:.+|libcamera(:.+)?)$"),
	KEY("camera", "width", VZ_KEY_UINT, width_px, 0, 8192, "0", "a number from 0 to 8192"),
	KEY("camera", "height", VZ_KEY_UINT, height_px, 0, 8192, "0", "a number from 0 to 8192"),
	KEY("camera", "fps", VZ_KEY_DOUBLE, fps, 0, 1000, "0", "a number from 0 to 1000"),
	KEY("camera", "file_once", VZ_KEY_BOOL, file_once, 0, 0, "no", "yes or no"),
	KEY("camera", "jpeg_quality", VZ_KEY_UINT, jpeg_quality_percent, 1, 100, "80",
	    "a number from 1 to 100"),

	KEY("daemon", "state_dir", VZ_KEY_STRING, state_dir, 0, 0, NULL, "a folder"),
	KEY("daemon", "deadline", VZ_KEY_DOUBLE, deadline_s, 0.1, 3600, "30",
	    "a number of seconds from 0.1 to 3600"),
	KEY("daemon", "workers", VZ_KEY_UINT, n_workers, 0, 64, "0", "a number from 0 to 64"),
	KEY("daemon", "log", VZ_KEY_STRING, log, 0, 0, "info", "LEVEL[,topic:LEVEL]"),

	KEY("plugins", "dir", VZ_KEY_STRING, plugin_dir, 0, 0, VZ_PLUGIN_DIR, "a folder"),
	KEY("plugins", "load", VZ_KEY_LIST, plugins, 0, 0, NULL,
	    "names of plugins, such as: example robots?optional"),
};

const size_t vz_n_keys = VZ_N_ELEMENTS(vz_keys);
