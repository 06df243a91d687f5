#include "sample.h"

#include "config/changes.h"
#include "gpio/line-spec.h"

static const char head[] =
	"# vizyd's configuration. Each line shows a key with its default; remove the '#' to change "
	"it.\n"
	"# Files in vizyd.conf.d/*.conf are read after this one, in the order of their names. "
	"`vizyd --check-config` says what\n"
	"# is wrong with them, `systemctl reload vizyd` has the daemon read them anew; nobody who "
	"is "
	"looking is sent away.\n"
	"# What waits for more than that says so: (at a restart) for `systemctl restart vizyd`, "
	"(at "
	"a reload, with the camera\n"
	"# opened anew) for a moment without picture.\n";

static const char lines[] = "\n# A GPIO line, with a name of its own: letters, digits, '-' and "
			    "'_'. README.md, \"Wire a "
			    "button\".\n"
			    "#[gpio NAME]\n";

static const char plugins[] =
	"\n# What a plugin itself understands; its README says which keys.\n"
	"#[plugin example]\n"
	"#label = Example\n"
	"\n# Several cameras, of which each browser picks one: plugins/cameras/README.md.\n"
	"#[plugin cameras]\n"
	"#camera1 = simulated:1\n"
	"#camera1_title = Bench\n"
	"#camera2 = libcamera:ID\n";

void vz_sample_print(FILE *out)
{
	(void) fputs(head, out);
	vz_config_print_keys(out);
	(void) fputs(lines, out);
	vz_line_spec_print_keys(out);
	(void) fputs(plugins, out);
}
