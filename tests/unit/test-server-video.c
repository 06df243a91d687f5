/*
 * Pictures on real sockets: one camera and several, and one that is removed.
 */
#include "server-rig.h"

/* --- Pictures --------------------------------------------------------------------------------- */

TEST(a_snapshot_wakes_the_camera_and_waits_for_its_picture)
{
	static struct client client;
	struct fixture f;

	make_parts(&f);
	f.has_camera = true;
	CHECK_EQ(make_server(&f, (struct vz_server_options){ .listen = any_port }, NULL), 0);
	CHECK_EQ(status_of(&f, LINE("GET /snapshot.jpg") "\r\n", &client), 200);
	CHECK(strstr(client.answer, "Content-Type: image/jpeg\r\n"));
	CHECK(strstr(client.answer, "\r\n\r\npicture"));
	CHECK_EQ(f.n_watchers, 0);
	free_parts(&f);
}

TEST(a_stream_is_parts_of_one_picture_each)
{
	static struct client client = { .until = "\r\n\r\npicture" };
	struct fixture f;

	make_parts(&f);
	f.has_camera = true;
	CHECK_EQ(make_server(&f, (struct vz_server_options){ .listen = any_port }, NULL), 0);
	CHECK_EQ(status_of(&f, LINE("GET /stream.mjpg") "\r\n", &client), 200);
	CHECK(strstr(client.answer, "multipart/x-mixed-replace; boundary=vizyd-picture\r\n"));
	CHECK(strstr(client.answer, "\r\n--vizyd-picture\r\nContent-Type: image/jpeg\r\n"
				    "Content-Length: 7\r\n"));
	CHECK_EQ(status_of(&f, LINE("HEAD /stream.mjpg") "\r\n", &client), 200);
	free_parts(&f);
}

TEST(a_video_socket_gets_the_state_and_then_pictures)
{
	static struct client client = { .until = "VZF1" };
	struct fixture f;

	make_parts(&f);
	f.has_camera = true;
	CHECK_EQ(make_server(&f, (struct vz_server_options){ .listen = any_port }, NULL), 0);
	vz_server_set_camera_state(f.server, "live", "A camera");
	CHECK_EQ(status_of(&f, UPGRADE("/_vizyd/video") KEY VERSION ORIGIN "\r\n", &client), 101);
	CHECK(strstr(client.answer,
		     "{\"state\":\"live\",\"text\":\"A camera\",\"camera\":\"main\"}"));
	CHECK_EQ(vz_server_get_counters(f.server)->websockets, 1);
	free_parts(&f);
}

static void remove_side(void *data)
{
	struct fixture *f = data;

	f->side = vz_server_remove_video(f->server, f->side);
}

static void put_side_picture(void *data)
{
	VZ_CLEANUP(vz_blob_unrefp) struct vz_blob *jpeg = vz_blob_new_copy("sideway", 7);

	CHECK(jpeg);
	vz_video_put(((struct fixture *) data)->side, jpeg);
}

static void on_side_watchers(unsigned n, void *data)
{
	struct fixture *f = data;

	if (n > f->n_side_watchers)
		CHECK_EQ(vz_loop_post(f->loop, f->removes_side ? remove_side : put_side_picture, f),
			 0);
	f->n_side_watchers = n;
}

static void make_two_cameras(struct fixture *f)
{
	struct vz_video *other = NULL;

	make_parts(f);
	f->has_camera = true;
	CHECK_EQ(make_server(f, (struct vz_server_options){ .listen = any_port }, NULL), 0);
	CHECK_EQ(vz_server_add_video(f->server, "side", on_side_watchers, f, &f->side), 0);
	CHECK_EQ(vz_server_add_video(f->server, "side", NULL, NULL, &other), -EEXIST);
	CHECK_EQ(vz_server_add_video(f->server, VZ_MAIN_CAMERA, NULL, NULL, &other), -EEXIST);
	CHECK_EQ(vz_server_add_video(f->server, "the side", NULL, NULL, &other), -EINVAL);
	vz_video_set_state(f->side, "live", "From the side");
}

TEST(each_camera_has_its_pictures_and_no_other_does)
{
	static const struct {
		const char *label, *request, *until;
		int status;
		const char *answer;
	} cases[] = {
		{ "a socket", UPGRADE("/_vizyd/video?camera=side&ack=1") KEY VERSION ORIGIN "\r\n",
		  "sideway", 101, "\"text\":\"From the side\",\"camera\":\"side\"}" },
		{ "the main one by its name",
		  UPGRADE("/_vizyd/video?ack=1&camera=main") KEY VERSION ORIGIN "\r\n", "picture",
		  101, "\"camera\":\"main\"}" },
		{ "a socket of none",
		  UPGRADE("/_vizyd/video?camera=front") KEY VERSION ORIGIN "\r\n", NULL, 404,
		  "No camera has that name. There is main side" },
		{ "no name", UPGRADE("/_vizyd/video?camera=") KEY VERSION ORIGIN "\r\n", NULL, 404,
		  "No camera" },
		{ "a stream", LINE("GET /stream.mjpg?camera=side") "\r\n", "sideway", 200,
		  "sideway" },
		{ "a stream of none", LINE("GET /stream.mjpg?camera=si") "\r\n", NULL, 404,
		  "There is main side" },
		{ "a snapshot", LINE("GET /snapshot.jpg?camera=side") "\r\n", NULL, 200,
		  "sideway" },
		{ "of none", LINE("GET /snapshot.jpg?camera=sides") "\r\n", NULL, 404,
		  "There is main side" },
		{ "the main one", LINE("GET /snapshot.jpg") "\r\n", NULL, 200, "picture" },
	};
	struct fixture f;

	make_two_cameras(&f);
	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		static struct client client;

		client.until = cases[i].until;
		test_case(cases[i].label);
		CHECK_EQ(status_of(&f, cases[i].request, &client), cases[i].status);
		CHECK(memmem(client.answer, client.size, cases[i].answer, strlen(cases[i].answer)));
	}
	test_case(NULL);
	free_parts(&f);
}

TEST(who_watches_a_camera_that_is_removed_is_told_so)
{
	static const struct {
		const char *request;
		int status;
		const char *answer;
	} cases[] = {
		{ UPGRADE("/_vizyd/video?camera=side") KEY VERSION ORIGIN "\r\n", 101,
		  "\x88\x18\x03\xe9The camera was removed" },
		{ LINE("GET /stream.mjpg?camera=side") "\r\n", 200, "Content-Type: multipart" },
		{ LINE("GET /snapshot.jpg?camera=side") "\r\n", 404, "The camera was removed" },
	};

	for (size_t i = 0; i < VZ_N_ELEMENTS(cases); i++) {
		static struct client client;
		struct fixture f;

		make_two_cameras(&f);
		f.removes_side = true;
		CHECK_EQ(status_of(&f, cases[i].request, &client), cases[i].status);
		CHECK(memmem(client.answer, client.size, cases[i].answer, strlen(cases[i].answer)));
		CHECK(!f.side);
		CHECK_EQ(status_of(&f, cases[i].request, &client), 404);
		free_parts(&f);
	}
}
