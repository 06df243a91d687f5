/*
 * The controls of one libcamera camera: which there are, what was asked of each, and how the
 * numbers of our table become libcamera's typed values and back.
 *
 * A row of our table is one number. An array control has a row per element, a menu's number is
 * the index of the choice, and the pair FrameDurationLimits is the one row FrameRate.
 *
 * Thread: announce() on the loop, before frames run; report() on libcamera's thread, which takes
 * no lock and allocates nothing; the rest on any, under a lock of its own.
 */
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <libcamera/camera.h>
#include <libcamera/controls.h>

#include "vizyd/frame.h"

extern "C" {
#include "camera/control.h"
}

class camera_controls
{
      public:
	/*
	 * Finds the controls of @camera, which is configured, and appends a row for each to @table.
	 * Returns 0 or -ENOMEM.
	 */
	int announce(const libcamera::Camera &camera, struct vz_control_table *table);

	void ask(unsigned row, double value);
	/* The camera's own default, or its automatic, again. */
	void forget(unsigned row);
	/* What a format wished; it holds as long as nobody asks for FrameRate. 0: no wish. */
	void wish_frame_rate(double fps);
	/* The frame rate that is wanted, 0 when this camera has no such control. */
	double frame_rate();

	/* Marks every asked value as changed, because the camera starts anew. */
	void change_all();
	/*
	 * Puts what changed into @list and forgets that it changed. What an automatic (AeEnable, …)
	 * holds stays out until that is off: cameras answer with an error otherwise.
	 */
	void put_changed(libcamera::ControlList *list);

	/* Writes what @metadata says was used into @frame. */
	void report(const libcamera::ControlList &metadata, struct vz_frame *frame) noexcept;

      private:
	/* A row that is an automatic, and the number at which it sets another row free. */
	struct governor {
		unsigned row;
		double manual;
	};
	struct control_row {
		const libcamera::ControlId *id;
		unsigned reported_id;	      /* in the metadata; FrameRate has another one there */
		unsigned element, n_elements; /* n_elements is 0 for a scalar */
		double min, max, def;
		std::vector<int32_t> menu;
		std::vector<governor> governors;

		std::optional<double> asked;
		bool is_changed;
		std::atomic<double> delivered;
	};

	int add(const libcamera::ControlId *id, const libcamera::ControlInfo &info);
	int add_number(const libcamera::ControlId *id, const libcamera::ControlInfo &info,
		       unsigned element, unsigned n_elements);
	int add_menu(const libcamera::ControlId *id, const libcamera::ControlInfo &info);
	int add_frame_rate(const libcamera::ControlId *id, const libcamera::ControlInfo &info);
	int add_row(std::unique_ptr<control_row> row, const struct vz_control &control);
	void find_governors();
	void change(unsigned row);
	bool is_held(const control_row &row) const;
	double wanted(const control_row &row) const;
	libcamera::ControlValue make_value(const control_row &row) const;
	libcamera::ControlValue make_frame_durations(const control_row &row) const;

	std::mutex mutex_;
	/* By pointer: an atomic does not move when the vector grows. */
	std::vector<std::unique_ptr<control_row>> rows_;
	struct vz_control_table *table_ = nullptr; /* during announce() */
	bool has_changes_ = false;

	control_row *frame_rate_ = nullptr;
	double wished_fps_ = 0;
	int64_t default_durations_us_[2] = {};
};
