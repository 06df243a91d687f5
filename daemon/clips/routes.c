#include "clips/routes.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clips/columns.h"
#include "clips/desk.h"
#include "clips/upload.h"
#include "jobs/jobs.h"
#include "server/exchange.h"
#include "server/server.h"
#include "util/blob.h"

struct vz_clip_routes {
	struct vz_clip_routes_options options;
	bool is_stopped;
};

/* --- Queries --------------------------------------------------------------------------------- */

/* A number from @min to @max in the query; leaves *@ret when there is none. */
static int get_number(struct vz_exchange *exchange, const char *name, double min, double max,
		      double *ret)
{
	char text[64], *end;
	double value;

	if (!vz_exchange_get_query(exchange, name, text, sizeof(text)))
		return 0;
	value = strtod(text, &end);
	if (end == text || *end || !(value >= min) || !(value <= max)) {
		char why[128];

		(void) snprintf(why, sizeof(why), "%s: expected a number from %g to %g", name, min,
				max);
		vz_exchange_answer_text(exchange, 400, why);
		return -EINVAL;
	}
	*ret = value;
	return 0;
}

static int get_kind(struct vz_exchange *exchange, enum vz_view_kind *ret)
{
	static const char *const names[] = {
		[VZ_VIEW_PLAIN] = "plain",
		[VZ_VIEW_MOVING] = "moving",
		[VZ_VIEW_BACKGROUND] = "background",
	};
	char text[16];

	*ret = VZ_VIEW_PLAIN;
	if (!vz_exchange_get_query(exchange, "view", text, sizeof(text)))
		return 0;
	for (unsigned i = 0; i < VZ_N_ELEMENTS(names); i++)
		if (!strcmp(text, names[i])) {
			*ret = i;
			return 0;
		}
	vz_exchange_answer_text(exchange, 400, "view: expected plain, moving or background");
	return -EINVAL;
}

static int read_picture(struct vz_exchange *exchange, struct vz_desk_drawing *ret)
{
	double frame = 0, threshold = VZ_DETECTOR_DEFAULT_THRESHOLD_PERCENT;
	double first = 0, last = VZ_TRACKING_TO_THE_END;

	if (get_number(exchange, "frame", 0, UINT32_MAX, &frame) < 0 ||
	    get_number(exchange, "threshold", 1, 100, &threshold) < 0 ||
	    get_number(exchange, "first", 0, UINT32_MAX, &first) < 0 ||
	    get_number(exchange, "last", first, UINT32_MAX, &last) < 0 ||
	    get_kind(exchange, &ret->picture.kind) < 0)
		return -EINVAL;
	ret->picture.frame = (uint32_t) frame;
	ret->picture.threshold_percent = threshold;
	ret->picture.range_first = (uint32_t) first;
	ret->picture.range_last = (uint32_t) last;
	return 0;
}

static int read_strobe(struct vz_exchange *exchange, struct vz_desk_drawing *ret)
{
	double spacing = 1, first = -1e9, last = 1e9;
	char text[32], *end;

	ret->is_strobe = true;
	ret->strobe.shown = UINT64_MAX;
	if (vz_exchange_get_query(exchange, "shown", text, sizeof(text))) {
		ret->strobe.shown = strtoull(text, &end, 16);
		if (end == text || *end) {
			vz_exchange_answer_text(exchange, 400,
						"shown: expected a hexadecimal number, a bit for "
						"each track");
			return -EINVAL;
		}
	}
	if (get_number(exchange, "spacing", 1, 1e6, &spacing) < 0 ||
	    get_number(exchange, "first", -1e9, 1e9, &first) < 0 ||
	    get_number(exchange, "last", -1e9, 1e9, &last) < 0)
		return -EINVAL;
	ret->strobe.spacing = (uint32_t) spacing;
	ret->strobe.first_s = first;
	ret->strobe.last_s = last;
	return 0;
}

/* --- Pictures -------------------------------------------------------------------------------- */

struct request {
	struct vz_exchange *exchange;
	struct vz_desk_drawer *drawer;
};

static void on_picture(int r, struct vz_blob *jpeg, void *data)
{
	struct request *request = data;
	struct vz_exchange *exchange = request->exchange;

	free(request);
	if (r == 0)
		vz_exchange_answer(exchange, &(struct vz_answer){ .status = 200,
								  .type = "image/jpeg",
								  .body = jpeg });
	else if (r == -ENODATA)
		vz_exchange_answer_text(exchange, 404, "There is no such picture yet");
	else if (r == -ERANGE)
		vz_exchange_answer_text(exchange, 404, "The clip has not so many frames");
	else if (r == -EBADMSG)
		vz_exchange_answer_text(exchange, 404, "This frame cannot be decoded");
	else
		vz_exchange_answer_text(exchange, 503, strerror(-r));
}

static void on_gone(void *data)
{
	struct request *request = data;

	vz_desk_undraw(request->drawer);
	free(request);
}

static void draw(struct vz_clip_routes *routes, struct vz_exchange *exchange, bool is_strobe)
{
	struct vz_desk_drawing drawing = { 0 };
	struct vz_desk_drawer *drawer;
	struct request *request;
	int r;

	r = is_strobe ? read_strobe(exchange, &drawing) : read_picture(exchange, &drawing);
	if (r < 0)
		return;
	request = calloc(1, sizeof(*request));
	if (!request) {
		vz_exchange_answer_text(exchange, 503, "Out of memory");
		return;
	}
	request->exchange = exchange;
	r = vz_desk_draw(routes->options.desk, &drawing, on_picture, request, &drawer);
	if (r < 0) {
		free(request);
		vz_exchange_answer_text(exchange, 503, strerror(-r));
	} else if (drawer) {
		request->drawer = drawer;
		vz_exchange_wait(exchange, on_gone, request);
	}
}

/* --- Texts ----------------------------------------------------------------------------------- */

enum text_kind { TEXT_CSV, TEXT_JSON, TEXT_COLUMNS };

struct printing {
	struct vz_exchange *exchange; /* NULL: gone */
	struct vz_clip_result *result;
	struct vz_print_options options;
	char *file, unit[16];
	enum text_kind kind;
	struct vz_blob *text;
};

static void free_printing(struct printing *printing)
{
	vz_clip_result_unref(printing->result);
	(void) vz_blob_unref(printing->text);
	free(printing->file);
	free(printing);
}

static void run_printing(void *data)
{
	struct printing *printing = data;
	struct vz_buf buf = { 0 };

	if (printing->kind == TEXT_JSON)
		vz_print_json(&buf, &printing->options, &printing->result->tracks);
	else if (printing->kind == TEXT_CSV)
		vz_print_csv(&buf, &printing->options, &printing->result->tracks);
	else
		vz_columns_print(&buf, &printing->options.motion, &printing->result->tracks);
	if (vz_buf_finish_blob(&buf, &printing->text) < 0)
		printing->text = NULL;
}

static void done_printing(void *data)
{
	static const struct {
		const char *type, *more;
	} kinds[] = {
		[TEXT_CSV] = { "text/csv; charset=utf-8",
			       "Content-Disposition: attachment; filename=\"tracks.csv\"\r\n" },
		[TEXT_JSON] = { "application/json",
				"Content-Disposition: attachment; filename=\"tracks.json\"\r\n" },
		[TEXT_COLUMNS] = { "application/octet-stream", NULL },
	};
	struct printing *printing = data;

	if (printing->exchange && printing->text)
		vz_exchange_answer(printing->exchange,
				   &(struct vz_answer){ .status = 200,
							.type = kinds[printing->kind].type,
							.more = kinds[printing->kind].more,
							.body = printing->text });
	else if (printing->exchange)
		vz_exchange_answer_text(printing->exchange, 503, "Out of memory");
	free_printing(printing);
}

static void on_reader_gone(void *data)
{
	struct printing *printing = data;

	printing->exchange = NULL;
}

static struct printing *make_printing(struct vz_clip_routes *routes, enum text_kind kind)
{
	struct vz_clip_result *result = vz_desk_get_result(routes->options.desk);
	struct printing *printing = calloc(1, sizeof(*printing));

	if (!printing)
		return NULL;
	printing->kind = kind;
	printing->result = vz_clip_result_ref(result);
	printing->file = strdup(vz_desk_get_id(routes->options.desk));
	printing->options = (struct vz_print_options){
		.program = "vizyd " VZ_VERSION,
		.file = printing->file,
		.tracking = &printing->result->options,
		.motion = { .window = VZ_DERIVATIVE_DEFAULT_WINDOW,
			    .calibration = { "px", 1, true, result->tracks.height_px } },
		VZ_PRINT_ALL,
	};
	if (routes->options.get_print_options)
		routes->options.get_print_options(&printing->options, routes->options.data);
	/* It may change while a worker prints. */
	(void) snprintf(printing->unit, sizeof(printing->unit), "%s",
			printing->options.motion.calibration.unit);
	printing->options.motion.calibration.unit = printing->unit;
	if (!printing->file) {
		free_printing(printing);
		return NULL;
	}
	return printing;
}

static int read_rule(struct vz_exchange *exchange, enum vz_derivative_rule *ret)
{
	const char *name;
	char text[32];

	if (!vz_exchange_get_query(exchange, "rule", text, sizeof(text)))
		return 0;
	for (unsigned i = 0; (name = vz_motion_rule_name(i)); i++)
		if (!strcmp(name, text)) {
			*ret = i;
			return 0;
		}
	vz_exchange_answer_text(exchange, 400, "rule: expected polynomial, backward or five-point");
	return -EINVAL;
}

/* Whoever keeps columns by their address must get what it says, not what is on the page by now. */
static int read_columns(struct vz_clip_routes *routes, struct vz_exchange *exchange,
			struct vz_motion_options *ret)
{
	double result = vz_desk_get_result_number(routes->options.desk);
	double now = result, window = ret->window;

	if (get_number(exchange, "result", 0, UINT32_MAX, &result) < 0 ||
	    get_number(exchange, "window", VZ_DERIVATIVE_MIN_WINDOW, VZ_DERIVATIVE_MAX_WINDOW,
		       &window) < 0 ||
	    get_number(exchange, "px_per_unit", 1e-12, 1e12, &ret->calibration.px_per_unit) < 0 ||
	    get_number(exchange, "pixel_aspect", 0, 1e3, &ret->calibration.pixel_aspect) < 0 ||
	    read_rule(exchange, &ret->rule) < 0)
		return -EINVAL;
	ret->window = (unsigned) window | 1;
	if (result == now)
		return 0;
	vz_exchange_answer_text(exchange, 404, "There is a newer result");
	return -ENOENT;
}

static void print(struct vz_clip_routes *routes, struct vz_exchange *exchange, enum text_kind kind)
{
	struct printing *printing;
	int r;

	if (!vz_desk_get_result(routes->options.desk)) {
		vz_exchange_answer_text(exchange, 404, "Nothing was processed yet");
		return;
	}
	printing = make_printing(routes, kind);
	if (!printing) {
		vz_exchange_answer_text(exchange, 503, strerror(ENOMEM));
		return;
	}
	if (kind == TEXT_COLUMNS && read_columns(routes, exchange, &printing->options.motion) < 0) {
		free_printing(printing);
		return;
	}
	r = vz_jobs_add(routes->options.jobs, run_printing, done_printing, printing);
	if (r < 0) {
		free_printing(printing);
		vz_exchange_answer_text(exchange, 503, strerror(-r));
		return;
	}
	printing->exchange = exchange;
	vz_exchange_wait(exchange, on_reader_gone, printing);
}

/* --- The mount ------------------------------------------------------------------------------- */

static void on_get(struct vz_exchange *exchange, const char *rest, void *data)
{
	struct vz_clip_routes *routes = data;

	if (routes->is_stopped)
		vz_exchange_answer_text(exchange, 503, "Shutting down");
	else if (!strcmp(rest, "picture.jpg"))
		draw(routes, exchange, false);
	else if (!strcmp(rest, "strobe.jpg"))
		draw(routes, exchange, true);
	else if (!strcmp(rest, "tracks.csv"))
		print(routes, exchange, TEXT_CSV);
	else if (!strcmp(rest, "tracks.json"))
		print(routes, exchange, TEXT_JSON);
	else if (!strcmp(rest, "columns"))
		print(routes, exchange, TEXT_COLUMNS);
	else
		vz_exchange_answer_text(exchange, 404, "Not found");
}

static void on_post(struct vz_exchange *exchange, const char *rest, void *data)
{
	struct vz_clip_routes *routes = data;

	if (strcmp(rest, "upload"))
		vz_exchange_answer_text(exchange, 404, "Not found");
	else if (!routes->options.uploads)
		vz_exchange_answer_text(exchange, 503, "There is no state folder to keep it in");
	else
		vz_uploads_post(routes->options.uploads, exchange);
}

int vz_clip_routes_new(struct vz_server *server, const struct vz_clip_routes_options *options,
		       struct vz_clip_routes **ret)
{
	struct vz_clip_routes *routes = calloc(1, sizeof(*routes));
	int r;

	if (!routes)
		return -ENOMEM;
	routes->options = *options;
	r = vz_server_mount(server, &(struct vz_mount){ .path = VZ_CLIPS_PATH,
							.get = on_get,
							.post = on_post,
							/* A better reason is given by itself. */
							.max_body_bytes = UINT64_MAX,
							.data = routes });
	if (r < 0) {
		free(routes);
		return r;
	}
	*ret = routes;
	return 0;
}

void vz_clip_routes_stop(struct vz_clip_routes *routes)
{
	if (routes)
		routes->is_stopped = true;
}

struct vz_clip_routes *vz_clip_routes_free(struct vz_clip_routes *routes)
{
	free(routes);
	return NULL;
}
