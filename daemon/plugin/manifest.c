#include "plugin/manifest.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define SYMBOL "vz_plugin"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

/* The table of the first version that there was: a shorter one is none. */
#define MIN_SIZE (offsetof(struct vz_plugin, init) + sizeof(((struct vz_plugin *) NULL)->init))

#if __SIZEOF_POINTER__ == 8
#define NATIVE_CLASS ELFCLASS64
#else
#define NATIVE_CLASS ELFCLASS32
#endif

#if defined(__x86_64__)
#define NATIVE_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define NATIVE_MACHINE EM_AARCH64
#elif defined(__arm__)
#define NATIVE_MACHINE EM_ARM
#elif defined(__i386__)
#define NATIVE_MACHINE EM_386
#else
#define NATIVE_MACHINE EM_NONE /* any: dlopen() will tell */
#endif

/* A file as bytes that nobody vouches for: every access is checked against its size. */
struct elf {
	const char *bytes;
	size_t size;
	ElfW(Ehdr) header;
};

__attribute__((format(printf, 3, 4))) static int fail(struct vz_manifest *manifest, int r,
						      const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void) vsnprintf(manifest->error, sizeof(manifest->error), format, args);
	va_end(args);
	return r;
}

static const void *bytes_at(const struct elf *elf, uint64_t offset, uint64_t size)
{
	if (offset > elf->size || size > elf->size - offset)
		return NULL;
	return elf->bytes + offset;
}

static bool read_at(const struct elf *elf, uint64_t offset, void *to, size_t size)
{
	const void *from = bytes_at(elf, offset, size);

	if (from)
		memcpy(to, from, size);
	return from;
}

static bool read_section(const struct elf *elf, unsigned index, ElfW(Shdr) * section)
{
	return index < elf->header.e_shnum &&
	       read_at(elf, elf->header.e_shoff + (uint64_t) index * sizeof(*section), section,
		       sizeof(*section));
}

static bool is_named(const struct elf *elf, const ElfW(Shdr) * strings, const ElfW(Sym) * symbol)
{
	const char *name;

	if (symbol->st_name > strings->sh_size ||
	    strings->sh_size - symbol->st_name < sizeof(SYMBOL))
		return false;
	name = bytes_at(elf, strings->sh_offset + symbol->st_name, sizeof(SYMBOL));
	return name && !memcmp(name, SYMBOL, sizeof(SYMBOL));
}

static bool find_in_section(const struct elf *elf, const ElfW(Shdr) * symbols, ElfW(Sym) * ret)
{
	ElfW(Shdr) strings;

	if (!read_section(elf, symbols->sh_link, &strings))
		return false;
	for (uint64_t i = 0; i < symbols->sh_size / sizeof(*ret); i++) {
		if (!read_at(elf, symbols->sh_offset + i * sizeof(*ret), ret, sizeof(*ret)))
			return false;
		if (ret->st_shndx != SHN_UNDEF && is_named(elf, &strings, ret))
			return true;
	}
	return false;
}

static bool find_symbol(const struct elf *elf, ElfW(Sym) * ret)
{
	ElfW(Shdr) section;

	for (unsigned i = 0; read_section(elf, i, &section); i++)
		if (section.sh_type == SHT_DYNSYM && find_in_section(elf, &section, ret))
			return true;
	return false;
}

/* Where the bytes at an address of the loaded library are in its file; 0 when they are not in it.
 */
static uint64_t offset_of(const struct elf *elf, uint64_t address, uint64_t size)
{
	ElfW(Phdr) segment;

	for (unsigned i = 0; i < elf->header.e_phnum; i++) {
		if (!read_at(elf, elf->header.e_phoff + (uint64_t) i * sizeof(segment), &segment,
			     sizeof(segment)))
			return 0;
		if (segment.p_type == PT_LOAD && address >= segment.p_vaddr &&
		    address - segment.p_vaddr <= segment.p_filesz &&
		    size <= segment.p_filesz - (address - segment.p_vaddr))
			return segment.p_offset + (address - segment.p_vaddr);
	}
	return 0;
}

static int check_header(struct elf *elf, struct vz_manifest *manifest)
{
	const ElfW(Ehdr) *header = &elf->header;

	if (!read_at(elf, 0, &elf->header, sizeof(elf->header)) ||
	    memcmp(header->e_ident, ELFMAG, SELFMAG) || header->e_type != ET_DYN)
		return fail(manifest, -ELIBBAD,
			    "expected a shared library, this is something else");
	if (header->e_ident[EI_CLASS] != NATIVE_CLASS ||
	    (NATIVE_MACHINE != EM_NONE && header->e_machine != NATIVE_MACHINE))
		return fail(manifest, -ELIBBAD,
			    "built for another machine (ELF machine %u), expected %u",
			    header->e_machine, NATIVE_MACHINE);
	if (header->e_shentsize != sizeof(ElfW(Shdr)) ||
	    (header->e_phnum && header->e_phentsize != sizeof(ElfW(Phdr))))
		return fail(manifest, -ELIBBAD, "the ELF file is damaged");
	return 0;
}

bool vz_manifest_check_name(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return *name >= 'a' && *name <= 'z' && !name[length] &&
	       length < sizeof(((struct vz_plugin *) NULL)->name) && name[length - 1] != '-';
}

static bool is_ended(const char *text, size_t size)
{
	return memchr(text, '\0', size);
}

static int judge(struct vz_manifest *manifest)
{
	const struct vz_plugin *plugin = &manifest->plugin;

	if (plugin->abi != VZ_PLUGIN_ABI)
		return fail(manifest, -EPROTONOSUPPORT,
			    "built for plugin ABI %u, this daemon has %u", plugin->abi,
			    VZ_PLUGIN_ABI);
	if (plugin->struct_size > sizeof(*plugin))
		return fail(manifest, -EPROTONOSUPPORT,
			    "built for a newer daemon: its table has %u bytes, this daemon knows "
			    "%zu",
			    plugin->struct_size, sizeof(*plugin));
	if (plugin->struct_size < MIN_SIZE)
		return fail(manifest, -EPROTONOSUPPORT,
			    "its table has %u bytes, expected at least %zu", plugin->struct_size,
			    MIN_SIZE);
	if (plugin->host_size > sizeof(struct vz_host))
		return fail(manifest, -EPROTONOSUPPORT,
			    "built for a newer daemon: it may call %u bytes of functions, this "
			    "daemon has %zu",
			    plugin->host_size, sizeof(struct vz_host));
	if (!is_ended(plugin->name, sizeof(plugin->name)) ||
	    !is_ended(plugin->version, sizeof(plugin->version)) ||
	    !is_ended(plugin->description, sizeof(plugin->description)))
		return fail(manifest, -EINVAL, "name, version or description is too long");
	if (!vz_manifest_check_name(plugin->name))
		return fail(manifest, -EINVAL,
			    "expected a name of a-z, 0-9 and '-', beginning with a letter, found "
			    "'%s'",
			    plugin->name);
	return 0;
}

int vz_manifest_read(const void *bytes, size_t size, struct vz_manifest *manifest)
{
	struct elf elf = { .bytes = bytes, .size = size };
	uint32_t head[2];
	ElfW(Sym) symbol;
	uint64_t offset;
	int r;

	memset(manifest, 0, sizeof(*manifest));
	r = check_header(&elf, manifest);
	if (r < 0)
		return r;
	if (!find_symbol(&elf, &symbol))
		return fail(manifest, -ELIBBAD, "no plugin: it has no symbol '" SYMBOL "'");
	offset = offset_of(&elf, symbol.st_value, sizeof(head));
	if (!offset || !read_at(&elf, offset, head, sizeof(head)))
		return fail(manifest, -ELIBBAD, "'" SYMBOL "' is no table");

	/* The ABI comes first: with another one, nothing else is known of the table. */
	manifest->plugin.abi = head[0];
	manifest->plugin.struct_size = head[1];
	if (head[0] == VZ_PLUGIN_ABI && head[1] >= MIN_SIZE &&
	    head[1] <= sizeof(struct vz_plugin) &&
	    (symbol.st_size < head[1] || !offset_of(&elf, symbol.st_value, head[1]) ||
	     !read_at(&elf, offset, &manifest->plugin, head[1])))
		return fail(manifest, -ELIBBAD, "'" SYMBOL "' is shorter than it says");
	return judge(manifest);
}

/* --- The copy ------------------------------------------------------------------------------- */

static int copy(int from, int to, size_t size)
{
	while (size) {
		ssize_t n = sendfile(to, from, NULL, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return -EIO; /* became shorter meanwhile */
		size -= (size_t) n;
	}
	return 0;
}

/* @name is what a core dump and /proc/PID/maps show of it. */
static int make_memory(const char *name)
{
	const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	/* Since Linux 6.3 one says that it is to hold code; before, this is an unknown flag. */
	int fd = memfd_create(name, flags | MFD_EXEC);

	return fd < 0 && errno == EINVAL ? memfd_create(name, flags) : fd;
}

static int read_copy(int fd, size_t size, struct vz_manifest *manifest)
{
	void *bytes;
	int r;

	if (fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0)
		return fail(manifest, -errno, "cannot seal the copy: %s", strerror(errno));
	bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return fail(manifest, -errno, "cannot map the copy: %s", strerror(errno));
	r = vz_manifest_read(bytes, size, manifest);
	(void) munmap(bytes, size);
	return r;
}

int vz_manifest_open(const char *path, struct vz_manifest *manifest)
{
	int from = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), to = -1, r = 0;
	struct stat status = { 0 };

	memset(manifest, 0, sizeof(*manifest));
	if (from < 0 || fstat(from, &status) < 0)
		r = fail(manifest, -errno, "%s", strerror(errno));
	else if (!S_ISREG(status.st_mode) || !status.st_size)
		r = fail(manifest, -ELIBBAD, "expected a shared library, this is something else");
	else if ((uint64_t) status.st_size > VZ_MANIFEST_MAX_BYTES)
		r = fail(manifest, -EFBIG, "larger than %u MiB", VZ_MANIFEST_MAX_BYTES >> 20);
	if (!r) {
		to = make_memory(basename(path));
		r = to < 0 ? -errno : copy(from, to, (size_t) status.st_size);
		if (r < 0)
			(void) fail(manifest, r, "cannot copy it: %s", strerror(-r));
	}
	if (!r)
		r = read_copy(to, (size_t) status.st_size, manifest);
	if (from >= 0)
		(void) close(from);
	if (r < 0 && to >= 0)
		(void) close(to);
	return r < 0 ? r : to;
}
