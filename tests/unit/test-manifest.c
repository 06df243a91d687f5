#include "plugin/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"

static int open_one(const char *name, struct vz_manifest *manifest)
{
	char path[512];
	int fd;

	(void) snprintf(path, sizeof(path), "%s/%s.so", TEST_PLUGINS, name);
	fd = vz_manifest_open(path, manifest);
	if (fd >= 0)
		CHECK_EQ(close(fd), 0);
	return fd < 0 ? fd : 0;
}

TEST(manifest_of_a_good_plugin)
{
	struct vz_manifest manifest;

	CHECK_EQ(open_one("probe1", &manifest), 0);
	CHECK_STR(manifest.plugin.name, "probe");
	CHECK_STR(manifest.plugin.version, "1");
	CHECK_STR(manifest.plugin.description, "Does what the tests ask");
	CHECK_EQ(manifest.plugin.abi, VZ_PLUGIN_ABI);
	CHECK_EQ(manifest.plugin.struct_size, sizeof(struct vz_plugin));
	CHECK_STR(manifest.error, "");
}

TEST(manifest_tells_what_is_wrong)
{
	static const struct {
		const char *name;
		int r;
		const char *says;
	} cases[] = {
		{ "foreign", -ELIBBAD, "no plugin: it has no symbol 'vz_plugin'" },
		{ "table-abi", -EPROTONOSUPPORT, "built for plugin ABI 2, this daemon has 1" },
		{ "table-longer", -EPROTONOSUPPORT,
		  "its table has %zu bytes, this daemon knows %zu" },
		{ "table-host", -EPROTONOSUPPORT, "newer daemon" },
		{ "table-name", -EINVAL, "found '../table'" },
		{ "nothing", -ENOENT, "No such file" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		struct vz_manifest manifest;
		char says[160];

		test_case(cases[i].name);
		CHECK_EQ(open_one(cases[i].name, &manifest), cases[i].r);
		/* A longer table is refused with both numbers. */
		(void) snprintf(says, sizeof(says), "%s", cases[i].says);
		if (strstr(says, "%zu"))
			(void) snprintf(says, sizeof(says),
					"its table has %zu bytes, this daemon knows %zu",
					sizeof(struct vz_plugin) + 8, sizeof(struct vz_plugin));
		CHECK(strstr(manifest.error, says));
	}
	test_case(NULL);
}

TEST(manifest_completes_a_shorter_table)
{
	struct vz_manifest manifest;

	CHECK_EQ(open_one("table-shorter", &manifest), 0);
	CHECK_EQ(manifest.plugin.struct_size, offsetof(struct vz_plugin, fini));
	CHECK(!VZ_HAS(&manifest.plugin, fini));
	CHECK(VZ_HAS(&manifest.plugin, init));
	CHECK(!manifest.plugin.fini);
}

TEST(manifest_of_things_that_are_no_library)
{
	struct vz_manifest manifest;

	CHECK_EQ(vz_manifest_open("/tmp", &manifest), -ELIBBAD);
	CHECK_EQ(vz_manifest_open("/dev/null", &manifest), -ELIBBAD);
	CHECK_EQ(vz_manifest_open("/proc/self/exe", &manifest), -ELIBBAD);
	CHECK_EQ(vz_manifest_open("/etc/passwd", &manifest), -ELIBBAD);
	CHECK(strstr(manifest.error, "expected a shared library"));
}

/* Every cut and many flipped bytes of a real file: none may be read beyond, which ASan would see.
 */
TEST(manifest_of_a_damaged_file)
{
	char path[512];
	struct stat status;
	struct vz_manifest manifest;
	char *bytes, *copy;
	size_t size, read_in = 0;
	int fd;

	(void) snprintf(path, sizeof(path), "%s/table-good.so", TEST_PLUGINS);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0);
	CHECK_EQ(fstat(fd, &status), 0);
	size = (size_t) status.st_size;
	bytes = malloc(size);
	CHECK(bytes);
	while (read_in < size) {
		ssize_t n = read(fd, bytes + read_in, size - read_in);

		CHECK(n > 0);
		read_in += (size_t) n;
	}
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(vz_manifest_read(bytes, size, &manifest), 0);

	for (size_t cut = 0; cut < size; cut += cut < 1024 ? 1 : 997) {
		copy = malloc(cut ? cut : 1);
		CHECK(copy);
		memcpy(copy, bytes, cut);
		(void) vz_manifest_read(copy, cut, &manifest);
		free(copy);
	}
	srand(1);
	copy = malloc(size);
	CHECK(copy);
	for (unsigned round = 0; round < 3000; round++) {
		memcpy(copy, bytes, size);
		for (unsigned i = 0; i < 6; i++) {
			/* Most of them where the headers are. */
			size_t at = (size_t) rand() % (round % 2 ? 1024 : size);

			copy[at] = (char) rand();
		}
		(void) vz_manifest_read(copy, size, &manifest);
	}
	free(copy);
	free(bytes);
}

TEST(manifest_names)
{
	CHECK(vz_manifest_check_name("robots"));
	CHECK(vz_manifest_check_name("gpio-panel2"));
	CHECK(!vz_manifest_check_name(""));
	CHECK(!vz_manifest_check_name("2robots"));
	CHECK(!vz_manifest_check_name("robots-"));
	CHECK(!vz_manifest_check_name("Robots"));
	CHECK(!vz_manifest_check_name("../robots"));
	CHECK(!vz_manifest_check_name("a.b"));
	CHECK(!vz_manifest_check_name("abcdefghijklmnopqrstuvwxyzabcdef"));
}
