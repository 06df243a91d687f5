#include "motionscope-planes.h"

#include <math.h>

#include "motionscope/detector.h"
#include "motionscope/refine.h"
#include "motionscope/tracker.h"

#define WIDTH	  160
#define HEIGHT	  120
#define N_FRAMES  60
#define N_SAMPLES 31u
#define N_PUSHED  18
#define RADIUS_PX 7.0

/* What is in a clip: a disc over stripes, that something large pushes at first, or that leaves over
 * the edge. */
struct clip {
	double x0, y0, vx, vy, ax; /* px, frames */
	bool is_pushed;
	double turn, growth; /* radians and parts per frame: a dark mark near its edge shows it */
};

static double get_scale(const struct clip *clip, int i)
{
	return 1 + clip->growth * i;
}

/* How much of a pixel the mark covers. */
static double get_mark(const struct clip *clip, int i, double dx, double dy)
{
	double angle = clip->turn * i, scale = get_scale(clip, i);
	double x = dx - 4 * scale * cos(angle), y = dy - 4 * scale * sin(angle);

	return clip->turn < 0 || clip->turn > 0 ? fmin(fmax(2.5 * scale + 0.5 - hypot(x, y), 0), 1)
						: 0;
}

static void get_place(const struct clip *clip, int i, double *ret_x, double *ret_y)
{
	*ret_x = clip->x0 + clip->vx * i + 0.5 * clip->ax * i * i;
	*ret_y = clip->y0 + clip->vy * i;
}

/* A box of 20 x 44 px with a blunt corner at the disc, which stays behind when it lets go. */
static double get_hand(const struct clip *clip, int i, double x, double y)
{
	int until = i < N_PUSHED ? i : N_PUSHED;
	double cx, cy, dx, dy;

	if (!clip->is_pushed)
		return 0;
	get_place(clip, until, &cx, &cy);
	cx -= 14 + 3.0 * (i - until);
	cy -= 12;
	dx = 10.5 - fabs(x - cx);
	dy = 22.5 - fabs(y - cy);
	return fmin(fmax(fmin(dx, dy), 0), 1);
}

static double mix(double behind, double cover, double front)
{
	return behind + cover * (front - behind);
}

static void draw_plane(struct vz_plane *plane, unsigned channel, const struct clip *clip, int i)
{
	static const double disc[] = { 200, 100, 170 }, hand[] = { 150, 120, 150 };
	double step = channel ? 2 : 1, cx, cy;

	get_place(clip, i, &cx, &cy);
	for (uint32_t row = 0; row < plane->height_px; row++)
		for (uint32_t column = 0; column < plane->width_px; column++) {
			double x = column * step + (step - 1) / 2, y = row * step + (step - 1) / 2;
			double value = channel ? 128 : 80 + 30 * sin(0.35 * x + 0.1 * y);
			double radius = RADIUS_PX * get_scale(clip, i);
			double cover = fmin(fmax(radius + 0.5 - hypot(x - cx, y - cy), 0), 1);
			double mark = get_mark(clip, i, x - cx, y - cy);
			double noise = random_number() % 4000 / 1000.0 - 2;

			value = mix(value, cover, mix(disc[channel], mark, channel ? 128 : 20));
			value = mix(value, get_hand(clip, i, x, y), hand[channel]);
			vz_plane_get_row(plane, row)[column] =
				(uint8_t) lrint(fmin(fmax(value + noise, 0), 255));
		}
}

struct run {
	struct vz_picture frames[N_FRAMES];
	struct vz_detector *detector;
	struct vz_tracker *tracker;
	struct vz_reel reel;
	struct vz_track tracks[VZ_TRACKER_MAX_TRACKS];
	size_t n_tracks;
};

static void detect(struct run *run)
{
	struct vz_picture samples[N_SAMPLES];
	const struct vz_blobs *blobs;

	for (unsigned i = 0; i < N_SAMPLES; i++)
		samples[i] = run->frames[i * (N_FRAMES - 1) / (N_SAMPLES - 1)];
	CHECK_EQ(vz_detector_new(WIDTH, HEIGHT, &run->detector), 0);
	CHECK_EQ(vz_tracker_new(WIDTH, HEIGHT, &run->tracker), 0);
	CHECK_EQ(vz_detector_set_background(run->detector, samples, N_SAMPLES, 25), 0);
	for (unsigned i = 0; i < N_FRAMES; i++) {
		CHECK_EQ(vz_detector_step(run->detector, &run->frames[i], &blobs), 0);
		CHECK_EQ(vz_reel_add(&run->reel, i, i / 50.0, &run->frames[i],
				     vz_detector_get_outline(run->detector), blobs),
			 0);
		CHECK_EQ(vz_tracker_step(run->tracker, i, i / 50.0, blobs), 0);
	}
	CHECK_EQ(vz_tracker_finish(run->tracker), 0);
}

static void start(struct run *run, const struct clip *clip)
{
	const struct vz_track *tracks;

	*run = (struct run){ 0 };
	vz_reel_init(&run->reel, SIZE_MAX);
	for (int i = 0; i < N_FRAMES; i++)
		for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++) {
			run->frames[i].planes[p] =
				make_plane(p ? WIDTH / 2 : WIDTH, p ? HEIGHT / 2 : HEIGHT, p);
			draw_plane(&run->frames[i].planes[p], p, clip, i);
		}
	detect(run);
	run->n_tracks = vz_tracker_get_tracks(run->tracker, &tracks);
	for (size_t i = 0; i < run->n_tracks; i++)
		for (size_t k = 0; k < tracks[i].n; k++) {
			CHECK_EQ(vz_track_add(&run->tracks[i], &tracks[i].points[k]), 0);
			run->tracks[i].n_missed = 0;
		}
}

static void end(struct run *run)
{
	for (size_t i = 0; i < run->n_tracks; i++)
		vz_track_deinit(&run->tracks[i]);
	for (unsigned i = 0; i < N_FRAMES; i++)
		for (unsigned p = 0; p < VZ_PICTURE_N_PLANES; p++)
			free_plane(&run->frames[i].planes[p]);
	vz_reel_deinit(&run->reel);
	(void) vz_tracker_free(run->tracker);
	(void) vz_detector_free(run->detector);
}

/* Of the points of @track in the frames from @first to @last; how many are near is *@ret_n. */
static double find_rms(const struct clip *clip, const struct vz_track *track, uint32_t first,
		       uint32_t last, unsigned *ret_n)
{
	double squares = 0;

	*ret_n = 0;
	for (size_t k = 0; k < track->n; k++) {
		const struct vz_track_point *p = &track->points[k];
		double x, y, distance;

		get_place(clip, (int) p->frame, &x, &y);
		distance = hypot(p->x_px - x, p->y_px - y);
		if (p->frame < first || p->frame > last || distance > RADIUS_PX)
			continue;
		squares += distance * distance;
		++*ret_n;
	}
	return *ret_n ? sqrt(squares / *ret_n) : INFINITY;
}

static const struct vz_track *find_best(const struct run *run, const struct clip *clip)
{
	const struct vz_track *best = NULL;
	unsigned best_n = 0, n;

	for (size_t i = 0; i < run->n_tracks; i++) {
		(void) find_rms(clip, &run->tracks[i], 0, N_FRAMES, &n);
		if (n > best_n) {
			best_n = n;
			best = &run->tracks[i];
		}
	}
	CHECK(best != NULL);
	return best;
}

/* From the first frame to the track that is nearest the object's way. */
static const struct vz_track *refine(struct run *run, const struct clip *clip)
{
	start(run, clip);
	CHECK_EQ(vz_refine_tracks(&run->reel, vz_detector_get_background(run->detector),
				  run->tracks, run->n_tracks),
		 0);
	return find_best(run, clip);
}

TEST(refine_finds_an_object_while_a_hand_pushes_it)
{
	static const struct clip clip = { 34.3, 80.7, 0.2, -0.25, 0.055, true };
	static struct run run;
	const struct vz_track *best;
	unsigned n, n_template = 0;

	best = refine(&run, &clip);
	CHECK(find_rms(&clip, best, 0, N_PUSHED, &n) < 0.6);
	CHECK_EQ(n, N_PUSHED + 1);
	CHECK(find_rms(&clip, best, N_PUSHED + 1, N_FRAMES, &n) < 0.3);
	CHECK_EQ(n, N_FRAMES - N_PUSHED - 1);
	for (size_t k = 0; k < best->n; k++)
		n_template += best->points[k].how == VZ_TRACK_TEMPLATE;
	CHECK(n_template >= N_PUSHED / 2);
	end(&run);
}

/* Its centroid wanders with the mark by 0.3 px. */
TEST(refine_finds_an_object_that_turns)
{
	static const struct clip clip = { 34.3, 80.7, 0.2, -0.25, 0.055, true, 0.17, 0 };
	static struct run run;
	const struct vz_track *best;
	unsigned n;

	best = refine(&run, &clip);
	CHECK(find_rms(&clip, best, 0, N_PUSHED, &n) < 0.75);
	CHECK_EQ(n, N_PUSHED + 1);
	CHECK(find_rms(&clip, best, N_PUSHED + 1, N_FRAMES, &n) < 0.15);
	CHECK_EQ(n, N_FRAMES - N_PUSHED - 1);
	end(&run);
}

/* It is smaller under the hand than it ever is alone. */
TEST(refine_finds_an_object_that_comes_nearer)
{
	static const struct clip clip = { 34.3, 80.7, 0.2, -0.25, 0.055, true, 0, 0.01 };
	static struct run run;
	const struct vz_track *best;
	unsigned n;

	best = refine(&run, &clip);
	CHECK(find_rms(&clip, best, 0, N_PUSHED, &n) < 1);
	CHECK_EQ(n, N_PUSHED + 1);
	CHECK(find_rms(&clip, best, N_PUSHED + 1, N_FRAMES, &n) < 0.2);
	CHECK_EQ(n, N_FRAMES - N_PUSHED - 1);
	end(&run);
}

TEST(refine_follows_an_object_half_out_of_the_picture)
{
	/* Its centre reaches the edge, at 159, in the last frame. */
	static const struct clip clip = { 41, 60.2, 2, 0.1, 0, false };
	static struct run run;
	const struct vz_track *best;
	unsigned n;

	best = refine(&run, &clip);
	CHECK(find_rms(&clip, best, 0, N_FRAMES, &n) < 0.3);
	CHECK(n >= N_FRAMES - 2);
	end(&run);
}

TEST(refine_leaves_alone_what_it_knows_nothing_of)
{
	static const struct clip clip = { 41, 60.2, 2, 0.1, 0, false };
	static struct run run;
	struct vz_reel empty;
	size_t n;

	start(&run, &clip);
	n = run.tracks[0].n;
	vz_reel_init(&empty, 0);
	CHECK_EQ(vz_refine_tracks(&empty, vz_detector_get_background(run.detector), run.tracks,
				  run.n_tracks),
		 0);
	CHECK_EQ(run.tracks[0].n, n);
	CHECK_EQ(vz_refine_tracks(&run.reel, vz_detector_get_background(run.detector), NULL, 0), 0);
	end(&run);
}
