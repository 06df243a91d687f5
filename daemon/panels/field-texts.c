#include "panels/field.h"

#include <string.h>

#include "util/cleanup.h"

static const struct vz_field_text texts[] = {
	{ "ExposureValue", "exposure-value", "Exposure value", VZ_GROUP_EXPOSURE, 0, "EV", 1,
	  .hidden = true },
	{ "Brightness", "digital-brightness", "Digital brightness", VZ_GROUP_PICTURE, 0, "", 2,
	  .hidden = true },
	{ "Contrast", "contrast", "Contrast", VZ_GROUP_PICTURE, 0, "", 2 },
	{ "Saturation", "saturation", "Saturation", VZ_GROUP_PICTURE, 0, "", 2 },
	{ "Sharpness", "sharpness", "Sharpness", VZ_GROUP_PICTURE, 0, "", 2 },
	{ "Gamma", "gamma", "Gamma", VZ_GROUP_PICTURE, 0, "", 2 },
	{ "Hue", "hue", "Hue", VZ_GROUP_PICTURE, 0, "", 0 },
	{ "NoiseReductionMode", "noise-reduction", "Noise reduction", VZ_GROUP_PICTURE },

	{ "FrameRate", "frame-rate", "Frame rate", VZ_GROUP_EXPOSURE, 0, "fps", 1 },
	{ "AeEnable", "auto-exposure", "Auto exposure", VZ_GROUP_EXPOSURE },
	{ "ExposureTime", "exposure-time", "Exposure time", VZ_GROUP_EXPOSURE, 1e-3, "ms", 2,
	  "AeEnable" },
	{ "AnalogueGain", "gain", "Gain", VZ_GROUP_EXPOSURE, 0, "x", 2, "AeEnable" },
	{ "AeMeteringMode", "metering", "Metering", VZ_GROUP_EXPOSURE },
	{ "AeConstraintMode", "exposure-constraint", "Exposure constraint", VZ_GROUP_EXPOSURE },
	{ "AeExposureMode", "exposure-mode", "Exposure mode", VZ_GROUP_EXPOSURE },
	{ "AeFlickerMode", "flicker-mode", "Flicker", VZ_GROUP_EXPOSURE },
	{ "AeFlickerPeriod", "flicker-period", "Flicker period", VZ_GROUP_EXPOSURE, 1e-3, "ms", 2 },

	{ "AwbEnable", "auto-white-balance", "Auto white balance", VZ_GROUP_COLOUR },
	{ "AwbMode", "white-balance-mode", "White balance for", VZ_GROUP_COLOUR },
	{ "ColourGains[0]", "red-gain", "Red gain", VZ_GROUP_COLOUR, 0, "x", 2, "AwbEnable" },
	{ "ColourGains[1]", "blue-gain", "Blue gain", VZ_GROUP_COLOUR, 0, "x", 2, "AwbEnable" },
	{ "ColourTemperature", "colour-temperature", "Colour temperature", VZ_GROUP_COLOUR, 0, "K",
	  0, "AwbEnable" },

	{ "AfMode", "focus-mode", "Focus", VZ_GROUP_MORE },
	{ "LensPosition", "lens-position", "Lens position", VZ_GROUP_MORE, 0, "dpt", 2 },
};

const struct vz_field_text *vz_field_text_find(const char *control)
{
	for (size_t i = 0; i < VZ_N_ELEMENTS(texts); i++)
		if (!strcmp(texts[i].control, control))
			return &texts[i];
	return NULL;
}

const struct vz_field_text *vz_field_text_get(unsigned index)
{
	return index < VZ_N_ELEMENTS(texts) ? &texts[index] : NULL;
}

const char *vz_field_group_title(enum vz_field_group group)
{
	static const char *const titles[VZ_N_GROUPS] = { "Picture", "Exposure", "Colour", "More" };

	return titles[group];
}
