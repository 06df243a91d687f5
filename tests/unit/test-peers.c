#include "test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

#include "server/peers.h"

struct address {
	struct sockaddr_storage storage;
};

static const struct sockaddr *parse(const char *text, struct address *ret)
{
	struct sockaddr_in *in = (struct sockaddr_in *) &ret->storage;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *) &ret->storage;

	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, text, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
	} else {
		CHECK_EQ(inet_pton(AF_INET6, text, &in6->sin6_addr), 1);
		in6->sin6_family = AF_INET6;
	}
	return (struct sockaddr *) ret;
}

TEST(an_address_has_so_many_and_no_more)
{
	struct vz_peer *a[2], *other = NULL, *more = NULL;
	struct vz_peers peers;
	struct address address;

	vz_peers_init(&peers, 2);
	CHECK_EQ(vz_peers_acquire(&peers, parse("10.0.0.1", &address), &a[0]), 0);
	CHECK_EQ(vz_peers_acquire(&peers, parse("10.0.0.1", &address), &a[1]), 0);
	CHECK_EQ(vz_peers_acquire(&peers, parse("10.0.0.1", &address), &more), -EMFILE);
	CHECK(!more);
	CHECK_EQ(vz_peers_acquire(&peers, parse("10.0.0.2", &address), &other), 0);

	vz_peer_release(a[0]);
	CHECK_EQ(vz_peers_acquire(&peers, parse("10.0.0.1", &address), &a[0]), 0);
	vz_peer_release(a[0]);
	vz_peer_release(a[1]);
	vz_peer_release(other);
	vz_peer_release(NULL);
	for (size_t i = 0; i < sizeof(peers.buckets) / sizeof(peers.buckets[0]); i++)
		CHECK(vz_list_is_empty(&peers.buckets[i]));
}

TEST(one_machine_is_one_address_in_every_form)
{
	static const struct {
		const char *label, *first, *second;
		bool same;
	} cases[] = {
		{ "mapped", "10.0.0.1", "::ffff:10.0.0.1", true },
		{ "mapped others", "::ffff:10.0.0.1", "::ffff:10.0.0.2", false },
		{ "one network", "2001:db8::1", "2001:db8::2", true },
		{ "two networks", "2001:db8::1", "2001:db8:0:1::1", false },
		{ "any", "0.0.0.0", "::", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct vz_peer *first = NULL, *second = NULL;
		struct vz_peers peers;
		struct address address;

		test_case(cases[i].label);
		vz_peers_init(&peers, 1);
		CHECK_EQ(vz_peers_acquire(&peers, parse(cases[i].first, &address), &first), 0);
		CHECK_EQ(vz_peers_acquire(&peers, parse(cases[i].second, &address), &second),
			 cases[i].same ? -EMFILE : 0);
		vz_peers_deinit(&peers);
	}
}

TEST(no_limit)
{
	struct vz_peers peers;
	struct vz_peer *peer;
	struct address address;

	vz_peers_init(&peers, 0);
	for (int i = 0; i < 1000; i++)
		CHECK_EQ(vz_peers_acquire(&peers, parse("10.0.0.1", &address), &peer), 0);
	vz_peers_deinit(&peers);
}
