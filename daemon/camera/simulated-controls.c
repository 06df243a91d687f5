#include "camera/simulated-controls.h"

#include <math.h>

enum control {
	AE_ENABLE,
	EXPOSURE_TIME,
	ANALOGUE_GAIN,
	EXPOSURE_VALUE,
	AWB_ENABLE,
	AWB_MODE,
	RED_GAIN,
	BLUE_GAIN,
	BRIGHTNESS,
	CONTRAST,
	SATURATION,
	FRAME_RATE,
};

static const char *awb_modes[] = {
	[VZ_SENSOR_AWB_AUTO] = "Auto",
	[VZ_SENSOR_AWB_INCANDESCENT] = "Incandescent",
	[VZ_SENSOR_AWB_FLUORESCENT] = "Fluorescent",
	[VZ_SENSOR_AWB_DAYLIGHT] = "Daylight",
	[VZ_SENSOR_AWB_CLOUDY] = "Cloudy",
	[VZ_SENSOR_N_AWB_MODES] = NULL,
};

const struct vz_control vz_simulated_controls[VZ_SIMULATED_N_CONTROLS] = {
	[AE_ENABLE] = { "AeEnable", "", VZ_CONTROL_BOOL, 0, 1, 1, 1 },
	[EXPOSURE_TIME] = { "ExposureTime", "us", VZ_CONTROL_INT, VZ_SENSOR_MIN_EXPOSURE_US, 100000,
			    1, 10000 },
	[ANALOGUE_GAIN] = { "AnalogueGain", "", VZ_CONTROL_FLOAT, 1, VZ_SENSOR_MAX_GAIN, 0, 1 },
	[EXPOSURE_VALUE] = { "ExposureValue", "", VZ_CONTROL_FLOAT, -8, 8, 0, 0 },
	[AWB_ENABLE] = { "AwbEnable", "", VZ_CONTROL_BOOL, 0, 1, 1, 1 },
	[AWB_MODE] = { "AwbMode", "", VZ_CONTROL_MENU, 0, VZ_SENSOR_N_AWB_MODES - 1, 1, 0,
		       awb_modes },
	[RED_GAIN] = { "ColourGains[0]", "", VZ_CONTROL_FLOAT, 0.05, 8, 0, 1.6 },
	[BLUE_GAIN] = { "ColourGains[1]", "", VZ_CONTROL_FLOAT, 0.05, 8, 0, 2 },
	[BRIGHTNESS] = { "Brightness", "", VZ_CONTROL_FLOAT, -1, 1, 0, 0 },
	[CONTRAST] = { "Contrast", "", VZ_CONTROL_FLOAT, 0, 4, 0, 1 },
	[SATURATION] = { "Saturation", "", VZ_CONTROL_FLOAT, 0, 4, 0, 1 },
	[FRAME_RATE] = { "FrameRate", "fps", VZ_CONTROL_FLOAT, 1, VZ_SIMULATED_MAX_FPS, 0,
			 VZ_SIMULATED_DEFAULT_FPS },
};

static double get(const struct vz_simulated_asked *asked, enum control control, double otherwise)
{
	return asked->is_asked[control] ? asked->values[control] : otherwise;
}

static double get_or_default(const struct vz_simulated_asked *asked, enum control control)
{
	return get(asked, control, vz_simulated_controls[control].def);
}

double vz_simulated_fps(const struct vz_simulated_asked *asked, double otherwise)
{
	return get(asked, FRAME_RATE, otherwise);
}

struct vz_sensor_settings vz_simulated_settings(const struct vz_simulated_asked *asked, double fps)
{
	return (struct vz_sensor_settings){
		.auto_exposure = get_or_default(asked, AE_ENABLE) != 0,
		.auto_white_balance = get_or_default(asked, AWB_ENABLE) != 0,
		.exposure_us = get(asked, EXPOSURE_TIME, NAN),
		.gain = get(asked, ANALOGUE_GAIN, NAN),
		.red_gain = get(asked, RED_GAIN, NAN),
		.blue_gain = get(asked, BLUE_GAIN, NAN),
		.exposure_value = get_or_default(asked, EXPOSURE_VALUE),
		.awb_mode = (enum vz_sensor_awb_mode) get_or_default(asked, AWB_MODE),
		.brightness = get_or_default(asked, BRIGHTNESS),
		.contrast = get_or_default(asked, CONTRAST),
		.saturation = get_or_default(asked, SATURATION),
		.max_exposure_us = 1e6 / fps,
	};
}

static void report(struct vz_frame *frame, enum control control, double value)
{
	frame->values[frame->n_values].control = control;
	frame->values[frame->n_values].value = value;
	frame->n_values++;
}

void vz_simulated_report(struct vz_frame *frame, const struct vz_sensor_settings *s,
			 const struct vz_sensor_values *v, double fps)
{
	report(frame, AE_ENABLE, s->auto_exposure);
	report(frame, EXPOSURE_TIME, rint(v->exposure_us));
	report(frame, ANALOGUE_GAIN, v->gain);
	report(frame, EXPOSURE_VALUE, s->exposure_value);
	report(frame, AWB_ENABLE, s->auto_white_balance);
	report(frame, AWB_MODE, s->awb_mode);
	report(frame, RED_GAIN, v->red_gain);
	report(frame, BLUE_GAIN, v->blue_gain);
	report(frame, BRIGHTNESS, s->brightness);
	report(frame, CONTRAST, s->contrast);
	report(frame, SATURATION, s->saturation);
	report(frame, FRAME_RATE, fps);
}
