#include "server/index.h"

#include <string.h>

#include "util/json.h"

/* How long a stock page goes on asking for a daemon that is away: a working day. */
#define RELOAD_INTERVAL_MS 5000
#define RELOAD_MAX_RETRY   5760

/*
 * Properties other than children that hold components, of dash-core-components 4.5. Its lists of
 * options and its tabs look after their own; naming those here blanks them.
 */
#define CHILDREN_PROPS                                                                       \
	"\"children_props\":{\"dash_core_components\":{\"Clipboard\":[\"copied_children\"]," \
	"\"Loading\":[\"custom_spinner\"]}},"

void vz_index_escape(struct vz_buf *buf, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			vz_buf_puts(buf, "&amp;");
			break;
		case '<':
			vz_buf_puts(buf, "&lt;");
			break;
		case '>':
			vz_buf_puts(buf, "&gt;");
			break;
		case '"':
			vz_buf_puts(buf, "&quot;");
			break;
		default:
			vz_buf_putc(buf, *text);
		}
	}
}

/* The '/' with which each address begins is the one with which the prefix ends. */
static void put_prefix(struct vz_buf *buf, const struct vz_index *index)
{
	if (index->prefix)
		vz_buf_append(buf, index->prefix, strlen(index->prefix) - 1);
}

/* Of two texts one, because only a whole one is escaped. */
static void print_address(struct vz_buf *buf, const struct vz_index *index, const char *url)
{
	struct vz_buf text = { 0 };

	put_prefix(&text, index);
	vz_buf_puts(&text, url);
	/* vz_json_print_string() escapes '<', so that no value can end the script element. */
	if (text.failed)
		buf->failed = true;
	else
		vz_json_print_string(buf, text.data, text.size);
	vz_buf_deinit(&text);
}

static void write_config(struct vz_buf *buf, const struct vz_index *index)
{
	vz_buf_puts(buf, "{\"requests_pathname_prefix\":");
	print_address(buf, index, "/");
	vz_buf_puts(buf, ",\"url_base_pathname\":");
	print_address(buf, index, "/");
	vz_buf_puts(buf, ",\"serve_locally\":true,\"ui\":false,\"props_check\":false,"
			 "\"suppress_callback_exceptions\":true,\"update_title\":\"\","
			 "\"show_undo_redo\":false," CHILDREN_PROPS);
	/* Our own link hears of a new layout by "welcome"; the stock page has to ask. */
	if (index->stock)
		vz_buf_printf(buf, "\"hot_reload\":{\"interval\":%d,\"max_retry\":%d},",
			      RELOAD_INTERVAL_MS, RELOAD_MAX_RETRY);
	vz_buf_puts(buf, "\"websocket\":{\"enabled\":false,\"url\":");
	print_address(buf, index, "/_dash-ws-callback");
	vz_buf_puts(buf, ",\"worker_url\":");
	print_address(buf, index, index->worker);
	vz_buf_puts(buf, ",\"inactivity_timeout\":0,\"heartbeat_interval\":30000}}");
}

static void write_address(struct vz_buf *buf, const struct vz_index *index, const char *url)
{
	put_prefix(buf, index);
	vz_index_escape(buf, url);
}

static void write_script(struct vz_buf *buf, const struct vz_index *index, const char *url,
			 bool is_last)
{
	vz_buf_puts(buf, is_last ? "<script id=\"_dash-renderer\" src=\"" : "<script src=\"");
	write_address(buf, index, url);
	vz_buf_puts(buf, "\"></script>\n");
}

static void write_styles(struct vz_buf *buf, const struct vz_index *index, const char *const *url)
{
	for (; url && *url; url++) {
		vz_buf_puts(buf, "<link rel=\"stylesheet\" href=\"");
		write_address(buf, index, *url);
		vz_buf_puts(buf, "\">\n");
	}
}

void vz_index_write(struct vz_buf *buf, const struct vz_index *index)
{
	const char *const *url, *const *asset;

	vz_buf_puts(buf, "<!DOCTYPE html>\n<html lang=\"en\" data-layout=\"");
	vz_index_escape(buf, index->layout_hash);
	vz_buf_puts(buf, "\">\n<head>\n<meta charset=\"utf-8\">\n"
			 "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
			 "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	vz_index_escape(buf, index->title);
	vz_buf_puts(buf, "</title>\n<link rel=\"icon\" href=\"");
	write_address(buf, index, "/_favicon.ico");
	vz_buf_puts(buf, "\">\n");
	write_styles(buf, index, index->styles);
	write_styles(buf, index, index->asset_styles);
	vz_buf_puts(buf, "</head>\n<body>\n<div id=\"react-entry-point\">"
			 "<div class=\"_dash-loading\">Loading...</div></div>\n"
			 "<script id=\"_dash-config\" type=\"application/json\">");
	write_config(buf, index);
	vz_buf_puts(buf, "</script>\n");
	for (url = index->scripts; url[0] && url[1]; url++)
		write_script(buf, index, *url, false);
	for (asset = index->asset_scripts; asset && *asset; asset++)
		write_script(buf, index, *asset, false);
	if (*url)
		write_script(buf, index, *url, true);
	vz_buf_puts(buf, "</body>\n</html>\n");
}

void vz_index_write_policy(struct vz_buf *buf, const char *host)
{
	vz_buf_printf(buf,
		      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
		      "img-src 'self' data: blob:; font-src 'self' data:; "
		      "connect-src 'self' ws://%s; worker-src 'self'; object-src 'none'; "
		      "base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
		      host);
}
