#include "users/throttle.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define SECOND_US      INT64_C(1000000)
#define FORGET_US      (15 * 60 * SECOND_US)
#define ADDRESS_MAX_US (15 * 60 * SECOND_US)
#define NAME_MAX_US    (60 * SECOND_US)

/* Every machine of an IPv6 network (/64) can have as many addresses as it likes. */
static void make_address_key(const char *address, char ret[VZ_THROTTLE_KEY_MAX])
{
	struct in6_addr in6;

	if (inet_pton(AF_INET6, address, &in6) != 1) {
		snprintf(ret, VZ_THROTTLE_KEY_MAX, "a%.*s", VZ_THROTTLE_KEY_MAX - 2, address);
		return;
	}
	ret[0] = '6';
	for (unsigned i = 0; i < 8; i++)
		snprintf(ret + 1 + 2 * i, 3, "%02x", in6.s6_addr[i]);
}

static void make_name_key(const char *name, char ret[VZ_THROTTLE_KEY_MAX])
{
	snprintf(ret, VZ_THROTTLE_KEY_MAX, "n%.*s", VZ_THROTTLE_KEY_MAX - 2, name);
}

static struct vz_throttle_entry *find(struct vz_throttle *throttle, const char *key)
{
	for (unsigned i = 0; i < VZ_THROTTLE_ENTRIES; i++) {
		if (strcmp(throttle->entries[i].key, key) == 0)
			return &throttle->entries[i];
	}
	return NULL;
}

/* One that is free, or that of whom was wrong longest ago. */
static struct vz_throttle_entry *make(struct vz_throttle *throttle, const char *key)
{
	struct vz_throttle_entry *oldest = &throttle->entries[0];

	for (unsigned i = 0; i < VZ_THROTTLE_ENTRIES && oldest->key[0]; i++) {
		struct vz_throttle_entry *entry = &throttle->entries[i];

		if (!entry->key[0] || entry->last_us < oldest->last_us)
			oldest = entry;
	}
	memset(oldest, 0, sizeof(*oldest));
	snprintf(oldest->key, sizeof(oldest->key), "%s", key);
	return oldest;
}

static void forget_old(struct vz_throttle_entry *entry, int64_t now_us)
{
	if (now_us - entry->last_us > FORGET_US && now_us >= entry->until_us)
		memset(entry, 0, sizeof(*entry));
}

static int64_t wait_of(struct vz_throttle *throttle, const char *key, int64_t now_us)
{
	struct vz_throttle_entry *entry = find(throttle, key);

	if (entry)
		forget_old(entry, now_us);
	return entry && entry->until_us > now_us ? entry->until_us - now_us : 0;
}

static void count(struct vz_throttle *throttle, const char *key, int64_t max_us, int64_t now_us)
{
	struct vz_throttle_entry *entry = find(throttle, key);
	int64_t pause_us = SECOND_US;

	if (!entry)
		entry = make(throttle, key);
	entry->n_wrong++;
	entry->last_us = now_us;
	if (entry->n_wrong < VZ_THROTTLE_FREE)
		return;
	for (unsigned i = VZ_THROTTLE_FREE; i < entry->n_wrong && pause_us < max_us; i++)
		pause_us *= 2;
	entry->until_us = now_us + (pause_us < max_us ? pause_us : max_us);
}

int64_t vz_throttle_begin(struct vz_throttle *throttle, const char *address, const char *name,
			  int64_t now_us)
{
	char address_key[VZ_THROTTLE_KEY_MAX], name_key[VZ_THROTTLE_KEY_MAX];
	int64_t address_us, name_us;

	make_address_key(address, address_key);
	make_name_key(name, name_key);
	address_us = wait_of(throttle, address_key, now_us);
	name_us = wait_of(throttle, name_key, now_us);
	if (address_us || name_us)
		return address_us > name_us ? address_us : name_us;
	count(throttle, address_key, ADDRESS_MAX_US, now_us);
	count(throttle, name_key, NAME_MAX_US, now_us);
	return 0;
}

static void take_back(struct vz_throttle *throttle, const char *key)
{
	struct vz_throttle_entry *entry = find(throttle, key);

	if (!entry)
		return;
	if (entry->n_wrong > 0)
		entry->n_wrong--;
	entry->until_us = 0;
	if (entry->n_wrong == 0)
		memset(entry, 0, sizeof(*entry));
}

void vz_throttle_succeed(struct vz_throttle *throttle, const char *address, const char *name)
{
	char key[VZ_THROTTLE_KEY_MAX];
	struct vz_throttle_entry *entry;

	make_address_key(address, key);
	take_back(throttle, key);
	make_name_key(name, key);
	entry = find(throttle, key);
	if (entry)
		memset(entry, 0, sizeof(*entry));
}

void vz_throttle_cancel(struct vz_throttle *throttle, const char *address, const char *name)
{
	char key[VZ_THROTTLE_KEY_MAX];

	make_address_key(address, key);
	take_back(throttle, key);
	make_name_key(name, key);
	take_back(throttle, key);
}
