#include "server/assets.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test.h"
#include "util/blob.h"

static char folder[64];

static void write_file(const char *name, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	CHECK(file);
	CHECK_EQ(fwrite(text, 1, strlen(text), file), strlen(text));
	CHECK_EQ(fclose(file), 0);
}

static void remove_file(const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	CHECK_EQ(remove(path), 0);
}

static void begin(void)
{
	strcpy(folder, "/tmp/vizyd-assets-XXXXXX");
	CHECK(mkdtemp(folder) != NULL);
}

TEST(assets_are_part_of_the_page_in_order)
{
	static const char *const names[] = { "b.js",	  "a.min.js",	"style.css", "dot.svg",
					     "notes.txt", ".hidden.js", "od d.js" };
	VZ_CLEANUP(vz_assets_freep) struct vz_assets *assets = NULL;
	const char *const *scripts, *const *styles;
	struct vz_file *file;
	bool is_exact = false;

	begin();
	for (size_t i = 0; i < VZ_N_ELEMENTS(names); i++)
		write_file(names[i], names[i]);
	CHECK_EQ(vz_assets_new(&assets), 0);
	CHECK_EQ(vz_assets_add(assets, "shop", folder, NULL), 0);
	scripts = vz_assets_get_scripts(assets);
	styles = vz_assets_get_styles(assets);
	CHECK_EQ(strncmp(scripts[0], "/assets/shop/a.v1m", 18), 0);
	CHECK(strstr(scripts[0], ".min.js"));
	CHECK_EQ(strncmp(scripts[1], "/assets/shop/b.v1m", 18), 0);
	CHECK(!scripts[2]);
	CHECK_EQ(strncmp(styles[0], "/assets/shop/style.v1m", 22), 0);
	CHECK(!styles[1]);

	file = vz_assets_find(assets, scripts[1], &is_exact);
	CHECK(file && is_exact && file->immutable);
	CHECK_STR(file->type, "text/javascript");
	CHECK_EQ(file->plain->size, 4);
	/* That of yesterday, or none, is found, too. */
	CHECK(vz_assets_find(assets, "/assets/shop/b.v1m0000.js", &is_exact) == file);
	CHECK(!is_exact);
	CHECK(vz_assets_find(assets, "/assets/shop/dot.svg", &is_exact) != NULL);
	/* Nothing else is there. */
	CHECK(!vz_assets_find(assets, "/assets/shop/notes.txt", &is_exact));
	CHECK(!vz_assets_find(assets, "/assets/shop/.hidden.js", &is_exact));
	CHECK(!vz_assets_find(assets, "/assets/other/b.js", &is_exact));
	CHECK(!vz_assets_find(assets, "/assets/shop/../shop/b.js", &is_exact));
	CHECK(!vz_assets_find(assets, "", &is_exact));
	for (size_t i = 0; i < VZ_N_ELEMENTS(names); i++)
		remove_file(names[i]);
	CHECK_EQ(rmdir(folder), 0);
}

TEST(assets_change_their_address_with_their_content)
{
	VZ_CLEANUP(vz_assets_freep) struct vz_assets *before = NULL;
	VZ_CLEANUP(vz_assets_freep) struct vz_assets *after = NULL;

	begin();
	write_file("a.js", "one");
	CHECK_EQ(vz_assets_new(&before), 0);
	CHECK_EQ(vz_assets_add(before, "shop", folder, NULL), 0);
	write_file("a.js", "two");
	CHECK_EQ(vz_assets_new(&after), 0);
	CHECK_EQ(vz_assets_add(after, "shop", folder, NULL), 0);
	CHECK(strcmp(vz_assets_get_scripts(before)[0], vz_assets_get_scripts(after)[0]) != 0);
	remove_file("a.js");
	CHECK_EQ(rmdir(folder), 0);
}

TEST(assets_that_cannot_be_read_are_named)
{
	VZ_CLEANUP(vz_assets_freep) struct vz_assets *assets = NULL;
	char *error = NULL;
	char path[80];

	begin();
	CHECK_EQ(vz_assets_new(&assets), 0);
	/* No folder is no assets. */
	CHECK_EQ(vz_assets_add(assets, "none", "/nonexistent", &error), 0);
	CHECK(!error);
	write_file("a.js", "one");
	snprintf(path, sizeof(path), "%s/b.js", folder);
	CHECK_EQ(mkdir(path, 0700), 0);
	CHECK_EQ(vz_assets_add(assets, "shop", folder, &error), -EINVAL);
	CHECK(error && strstr(error, "/b.js: "));
	free(error);
	/* Half a folder is none. */
	CHECK(!vz_assets_get_scripts(assets)[0]);
	CHECK_EQ(vz_assets_add(assets, "../shop", folder, &error), -EINVAL);
	free(error);
	CHECK_EQ(rmdir(path), 0);
	remove_file("a.js");
	CHECK_EQ(rmdir(folder), 0);
}
