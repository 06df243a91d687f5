#include "camera/libcamera-controls.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>

#include <libcamera/control_ids.h>
#include <libcamera/version.h>

using namespace libcamera;

/* Longer arrays (a colour matrix) are for calibration, not for a person's sliders. */
static constexpr unsigned max_elements = 4;

/*
 * Rows that an automatic holds, and the value of that automatic which sets them free. Where several
 * are announced one suffices: since libcamera 0.5 AeEnable stands for both modes.
 */
static const struct {
	const char *name, *governor;
	int manual;
} governed[] = {
	{ "ExposureTime", "AeEnable", 0 }, { "ExposureTime", "ExposureTimeMode", 1 },
	{ "AnalogueGain", "AeEnable", 0 }, { "AnalogueGain", "AnalogueGainMode", 1 },
	{ "ColourGains", "AwbEnable", 0 }, { "ColourTemperature", "AwbEnable", 0 },
	{ "LensPosition", "AfMode", 0 },
};

static const struct {
	const char *name, *unit;
} units[] = {
	{ "ExposureTime", "us" },     { "ExposureValue", "EV" }, { "AeFlickerPeriod", "us" },
	{ "ColourTemperature", "K" }, { "LensPosition", "dpt" },
};

/* One number out of a scalar or an array; nothing for what is no number. */
static std::optional<double> number_of(const ControlValue &value, unsigned element)
{
	if (element >= value.numElements())
		return std::nullopt;

	const uint8_t *data = value.data().data();
	auto read = [data, element](auto n) {
		std::memcpy(&n, data + element * sizeof(n), sizeof(n));
		return double(n);
	};

	switch (value.type()) {
	case ControlTypeBool:
	case ControlTypeByte:
		return read(uint8_t());
	case ControlTypeInteger32:
		return read(int32_t());
	case ControlTypeInteger64:
		return read(int64_t());
	case ControlTypeFloat:
		return read(float());
	default:
		return std::nullopt;
	}
}

/* The limits of an array are given for each element, or once for all. */
static std::optional<double> limit_of(const ControlValue &value, unsigned element)
{
	std::optional<double> n = number_of(value, value.numElements() > element ? element : 0);

	return n && std::isfinite(*n) ? n : std::nullopt;
}

static ControlValue scalar_of(ControlType type, double n)
{
	switch (type) {
	case ControlTypeBool:
		return ControlValue(n != 0);
	case ControlTypeByte:
		return ControlValue(uint8_t(std::lround(n)));
	case ControlTypeInteger32:
		return ControlValue(int32_t(std::lround(n)));
	case ControlTypeInteger64:
		return ControlValue(int64_t(std::llround(n)));
	default:
		return ControlValue(float(n));
	}
}

template <typename T> static ControlValue array_of(const double *n, unsigned n_elements)
{
	T elements[max_elements];

	for (unsigned i = 0; i < n_elements; i++)
		elements[i] = std::is_integral_v<T> ? T(std::llround(n[i])) : T(n[i]);
	return ControlValue(Span<const T>(elements, n_elements));
}

#if LIBCAMERA_VERSION_MAJOR > 0 || LIBCAMERA_VERSION_MINOR >= 4

static unsigned count_elements(const ControlId *id, const ControlInfo &info)
{
	(void) info;
	/* An array of any size says SIZE_MAX: too many for us in any case. */
	return unsigned(std::min<std::size_t>(id->size(), max_elements + 1));
}

static std::map<int32_t, std::string> choice_names(const ControlId *id)
{
	return id->enumerators();
}

#else

/* Before 0.4 a control does not tell its size, and the limits of ColourGains are scalars. */
static unsigned count_elements(const ControlId *id, const ControlInfo &info)
{
	if (id->id() == controls::ColourGains.id())
		return 2;
	return info.def().isArray() ? unsigned(info.def().numElements()) : 0;
}

static const struct {
	const ControlId *id;
	const std::map<std::string, int32_t> *values;
} menus[] = {
	{ &controls::AeMeteringMode, &controls::AeMeteringModeNameValueMap },
	{ &controls::AeConstraintMode, &controls::AeConstraintModeNameValueMap },
	{ &controls::AeExposureMode, &controls::AeExposureModeNameValueMap },
	{ &controls::AeFlickerMode, &controls::AeFlickerModeNameValueMap },
	{ &controls::AwbMode, &controls::AwbModeNameValueMap },
	{ &controls::AfMode, &controls::AfModeNameValueMap },
	{ &controls::AfRange, &controls::AfRangeNameValueMap },
	{ &controls::AfSpeed, &controls::AfSpeedNameValueMap },
	{ &controls::AfMetering, &controls::AfMeteringNameValueMap },
	{ &controls::AfTrigger, &controls::AfTriggerNameValueMap },
	{ &controls::AfPause, &controls::AfPauseNameValueMap },
	{ &controls::HdrMode, &controls::HdrModeNameValueMap },
	{ &controls::draft::NoiseReductionMode, &controls::draft::NoiseReductionModeNameValueMap },
	{ &controls::draft::TestPatternMode, &controls::draft::TestPatternModeNameValueMap },
};

static std::map<int32_t, std::string> choice_names(const ControlId *id)
{
	std::map<int32_t, std::string> names;

	for (const auto &menu : menus)
		if (menu.id->id() == id->id())
			for (const auto &[name, value] : *menu.values)
				names[value] = name;
	return names;
}

#endif

/* The first word of AwbAuto, AwbDaylight, … tells a person nothing: how long it is. */
static std::size_t common_words(const std::vector<std::string> &names)
{
	std::size_t n = names[0].size();

	auto ends_word = [&names, &n](const std::string &name) {
		return name.compare(0, n, names[0], 0, n) == 0 && n < name.size() &&
		       std::isupper((unsigned char) name[n]);
	};
	while (n > 0 && !std::all_of(names.begin(), names.end(), ends_word))
		n--;
	return n;
}

int camera_controls::announce(const Camera &camera, struct vz_control_table *table)
{
	std::vector<std::pair<const ControlId *, ControlInfo>> all(camera.controls().begin(),
								   camera.controls().end());

	/* libcamera hashes them; their numbers give the order of its documentation. */
	std::sort(all.begin(), all.end(),
		  [](const auto &a, const auto &b) { return a.first->id() < b.first->id(); });

	table_ = table;
	for (const auto &[id, info] : all) {
		int r = add(id, info);
		if (r < 0)
			return r;
	}
	find_governors();
	table_ = nullptr;
	return 0;
}

int camera_controls::add(const ControlId *id, const ControlInfo &info)
{
	unsigned n_elements = count_elements(id, info);

	if (id->id() == controls::FrameDurationLimits.id())
		return add_frame_rate(id, info);
	if (n_elements == 0 && id->type() == ControlTypeInteger32 &&
	    (!info.values().empty() || !choice_names(id).empty()))
		return add_menu(id, info);
	if (n_elements > max_elements)
		return 0;

	for (unsigned e = 0; e < std::max(n_elements, 1u); e++) {
		int r = add_number(id, info, e, n_elements);
		if (r < 0)
			return r;
	}
	return 0;
}

static struct vz_control make_control(const std::string &name)
{
	struct vz_control control = {};

	std::snprintf(control.name, sizeof(control.name), "%s", name.c_str());
	for (const auto &u : units)
		if (name == u.name)
			std::snprintf(control.unit, sizeof(control.unit), "%s", u.unit);
	return control;
}

int camera_controls::add_number(const ControlId *id, const ControlInfo &info, unsigned element,
				unsigned n_elements)
{
	std::optional<double> min = limit_of(info.min(), element);
	std::optional<double> max = limit_of(info.max(), element);
	std::optional<double> def = limit_of(info.def(), element);

	/* No number (a rectangle), or one that cannot be changed. */
	if (!min || !max || *min >= *max)
		return 0;

	auto r = std::make_unique<control_row>();
	r->id = id;
	r->reported_id = id->id();
	r->element = element;
	r->n_elements = n_elements;

	std::string name = id->name();
	if (n_elements > 0)
		name += "[" + std::to_string(element) + "]";
	struct vz_control control = make_control(name);
	bool is_float = id->type() == ControlTypeFloat;
	control.kind = id->type() == ControlTypeBool ? VZ_CONTROL_BOOL
		       : is_float		     ? VZ_CONTROL_FLOAT
						     : VZ_CONTROL_INT;
	control.min = *min;
	control.max = *max;
	control.step = is_float ? 0 : 1;
	/* ColourGains announce no default before the first frame: 1 is the neutral factor. */
	control.def = std::clamp(def.value_or(is_float ? 1 : *min), *min, *max);
	return add_row(std::move(r), control);
}

int camera_controls::add_menu(const ControlId *id, const ControlInfo &info)
{
	std::map<int32_t, std::string> known = choice_names(id);
	std::vector<std::string> names;
	auto r = std::make_unique<control_row>();

	for (const ControlValue &value : info.values())
		if (std::optional<double> n = number_of(value, 0))
			r->menu.push_back(int32_t(*n));
	if (info.values().empty()) {
		std::optional<double> min = limit_of(info.min(), 0), max = limit_of(info.max(), 0);

		for (const auto &[value, name] : known)
			if (min && max && value >= *min && value <= *max)
				r->menu.push_back(value);
	}
	if (r->menu.size() < 2)
		return 0;

	for (int32_t value : r->menu) {
		auto it = known.find(value);
		names.push_back(it != known.end() ? it->second : std::to_string(value));
	}
	std::size_t skip = common_words(names);
	std::vector<const char *> choices;
	for (const std::string &name : names)
		choices.push_back(name.c_str() + skip);
	choices.push_back(nullptr);

	r->id = id;
	r->reported_id = id->id();
	struct vz_control control = make_control(id->name());
	control.kind = VZ_CONTROL_MENU;
	control.max = double(r->menu.size() - 1);
	control.step = 1;
	control.choices = choices.data();
	if (std::optional<double> def = number_of(info.def(), 0)) {
		auto it = std::find(r->menu.begin(), r->menu.end(), int32_t(*def));
		control.def = it != r->menu.end() ? double(it - r->menu.begin()) : 0;
	}
	return add_row(std::move(r), control);
}

int camera_controls::add_frame_rate(const ControlId *id, const ControlInfo &info)
{
	std::optional<double> min_us = limit_of(info.min(), 0), max_us = limit_of(info.max(), 1);

	if (!min_us || !max_us || *min_us <= 0 || *max_us <= *min_us)
		return 0;

	/* The default is a pair, the fastest first. A camera without one uses all its range. */
	bool has_default = info.def().numElements() == 2 && *number_of(info.def(), 0) > 0;
	for (unsigned i = 0; i < 2; i++)
		default_durations_us_[i] = int64_t(has_default ? *number_of(info.def(), i)
						   : i == 0    ? *min_us
							       : *max_us);

	auto r = std::make_unique<control_row>();
	r->id = id;
	r->reported_id = controls::FrameDuration.id();
	struct vz_control control = make_control("FrameRate");
	std::snprintf(control.unit, sizeof(control.unit), "fps");
	control.kind = VZ_CONTROL_FLOAT;
	control.min = 1e6 / *max_us;
	control.max = 1e6 / *min_us;
	control.def = std::clamp(1e6 / double(default_durations_us_[0]), control.min, control.max);
	frame_rate_ = r.get();
	return add_row(std::move(r), control);
}

int camera_controls::add_row(std::unique_ptr<control_row> row, const struct vz_control &control)
{
	row->min = control.min;
	row->max = control.max;
	row->def = control.def;
	row->delivered = control.def;
	rows_.push_back(std::move(row));
	return std::min(vz_control_table_add(table_, &control), 0);
}

void camera_controls::find_governors()
{
	for (const auto &row : rows_)
		for (const auto &g : governed) {
			if (row->id->name() != g.name)
				continue;
			for (unsigned i = 0; i < rows_.size(); i++) {
				if (rows_[i]->id->name() != g.governor)
					continue;
				const std::vector<int32_t> &menu = rows_[i]->menu;
				auto it = std::find(menu.begin(), menu.end(), g.manual);
				double manual = menu.empty() ? g.manual : double(it - menu.begin());
				row->governors.push_back({ i, manual });
			}
		}
}

void camera_controls::change(unsigned row)
{
	rows_[row]->is_changed = true;
	has_changes_ = true;

	/* What waited for this automatic may go now. */
	for (const auto &other : rows_)
		for (const governor &g : other->governors)
			if (g.row == row && other->asked)
				other->is_changed = true;
}

void camera_controls::ask(unsigned row, double value)
{
	std::lock_guard<std::mutex> lock(mutex_);

	if (row >= rows_.size())
		return;
	rows_[row]->asked = std::clamp(value, rows_[row]->min, rows_[row]->max);
	change(row);
}

void camera_controls::forget(unsigned row)
{
	std::lock_guard<std::mutex> lock(mutex_);

	if (row >= rows_.size() || !rows_[row]->asked)
		return;
	rows_[row]->asked.reset();
	/* A governed row has no default of its own: its automatic will set it, or it stays. */
	if (rows_[row]->governors.empty())
		change(row);
}

void camera_controls::wish_frame_rate(double fps)
{
	std::lock_guard<std::mutex> lock(mutex_);

	if (!frame_rate_)
		return;
	wished_fps_ = fps > 0 ? std::clamp(fps, frame_rate_->min, frame_rate_->max) : 0;
	if (wished_fps_ > 0) {
		frame_rate_->is_changed = true;
		has_changes_ = true;
	}
}

double camera_controls::frame_rate()
{
	std::lock_guard<std::mutex> lock(mutex_);

	return frame_rate_ ? wanted(*frame_rate_) : 0;
}

void camera_controls::change_all()
{
	std::lock_guard<std::mutex> lock(mutex_);

	for (unsigned i = 0; i < rows_.size(); i++)
		if (rows_[i]->asked)
			change(i);
}

bool camera_controls::is_held(const control_row &row) const
{
	auto sets_free = [this](const governor &g) { return wanted(*rows_[g.row]) == g.manual; };

	return !row.governors.empty() &&
	       std::none_of(row.governors.begin(), row.governors.end(), sets_free);
}

/* An element nobody asked for keeps what the camera uses, so that red does not move with blue. */
double camera_controls::wanted(const control_row &row) const
{
	if (row.asked)
		return *row.asked;
	if (&row == frame_rate_ && wished_fps_ > 0)
		return wished_fps_;
	return row.n_elements > 0 ? row.delivered.load() : row.def;
}

ControlValue camera_controls::make_frame_durations(const control_row &row) const
{
	int64_t us[2] = { default_durations_us_[0], default_durations_us_[1] };

	if (row.asked || wished_fps_ > 0)
		us[0] = us[1] = std::llround(1e6 / wanted(row));
	return ControlValue(Span<const int64_t>(us, 2));
}

ControlValue camera_controls::make_value(const control_row &row) const
{
	double n[max_elements] = {};

	if (&row == frame_rate_)
		return make_frame_durations(row);
	if (!row.menu.empty())
		return ControlValue(row.menu[std::size_t(std::lround(wanted(row)))]);
	if (row.n_elements == 0)
		return scalar_of(row.id->type(), wanted(row));

	for (const auto &other : rows_)
		if (other->id == row.id)
			n[other->element] = wanted(*other);
	switch (row.id->type()) {
	case ControlTypeByte:
		return array_of<uint8_t>(n, row.n_elements);
	case ControlTypeInteger32:
		return array_of<int32_t>(n, row.n_elements);
	case ControlTypeInteger64:
		return array_of<int64_t>(n, row.n_elements);
	case ControlTypeFloat:
		return array_of<float>(n, row.n_elements);
	default:
		return {};
	}
}

void camera_controls::put_changed(ControlList *list)
{
	std::lock_guard<std::mutex> lock(mutex_);

	if (!has_changes_)
		return;
	for (const auto &row : rows_) {
		if (row->is_changed && !is_held(*row)) {
			ControlValue value = make_value(*row);
			if (!value.isNone())
				list->set(row->id->id(), value);
		}
		row->is_changed = false;
	}
	has_changes_ = false;
}

void camera_controls::report(const ControlList &metadata, struct vz_frame *frame) noexcept
{
	frame->n_values = 0;
	for (unsigned i = 0; i < rows_.size() && frame->n_values < VZ_FRAME_MAX_VALUES; i++) {
		control_row &row = *rows_[i];

		/* Asking get() for what is not there writes a log line. */
		if (!metadata.contains(row.reported_id))
			continue;
		std::optional<double> n = number_of(metadata.get(row.reported_id), row.element);
		if (!n || !std::isfinite(*n))
			continue;
		if (&row == frame_rate_) {
			if (*n <= 0)
				continue;
			n = 1e6 / *n;
		} else if (!row.menu.empty()) {
			auto it = std::find(row.menu.begin(), row.menu.end(), int32_t(*n));
			if (it == row.menu.end())
				continue;
			n = double(it - row.menu.begin());
		}
		row.delivered.store(*n, std::memory_order_relaxed);
		frame->values[frame->n_values++] = { i, *n };
	}
}
