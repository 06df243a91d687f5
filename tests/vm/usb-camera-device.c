#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <linux/usb/ch9.h>
#include <linux/usb/video.h>

#include "usb-camera.h"

#define CONTROL_INTERFACE   0
#define STREAMING_INTERFACE 1
#define CAMERA_TERMINAL	    1
#define PROCESSING_UNIT	    2
#define OUTPUT_TERMINAL	    3
#define FRAME_INTERVAL	    (10000000 / CAMERA_FPS) /* in 100 ns */
#define BITS_PER_SECOND	    (CAMERA_FRAME_BYTES * 8 * CAMERA_FPS)
#define CLOCK_HZ	    48000000

/* --- What it says that it is ---------------------------------------------------------------- */

DECLARE_UVC_HEADER_DESCRIPTOR(1);
DECLARE_UVC_INPUT_HEADER_DESCRIPTOR(1, 1);
DECLARE_UVC_FRAME_UNCOMPRESSED(1);

static const struct usb_device_descriptor device = {
	.bLength = sizeof(device),
	.bDescriptorType = USB_DT_DEVICE,
	.bcdUSB = 0x200,
	.bDeviceClass = USB_CLASS_MISC,
	.bDeviceSubClass = 2, /* interfaces that belong together say so */
	.bDeviceProtocol = 1,
	.bMaxPacketSize0 = 64,
	.idVendor = 0x1d6b, /* the Linux Foundation's, for what is not real */
	.idProduct = 0x0102,
	.bcdDevice = 1,
	.iManufacturer = 1,
	.iProduct = 2,
	.iSerialNumber = 3,
	.bNumConfigurations = 1,
};

static const char *const strings[] = { NULL, "vizyd", "Software camera", "0001" };

#define HEAD(type) .bLength = sizeof(type), .bDescriptorType = USB_DT_CS_INTERFACE

static struct {
	struct usb_config_descriptor config;
	struct usb_interface_assoc_descriptor function;
	struct usb_interface_descriptor control;
	struct UVC_HEADER_DESCRIPTOR(1) control_header;
	struct uvc_camera_terminal_descriptor camera;
	struct uvc_processing_unit_descriptor processing;
	struct uvc_output_terminal_descriptor output;
	struct usb_interface_descriptor streaming;
	struct UVC_INPUT_HEADER_DESCRIPTOR(1, 1) streaming_header;
	struct uvc_format_uncompressed format;
	struct UVC_FRAME_UNCOMPRESSED(1) frame;
	struct uvc_color_matching_descriptor colors;
	struct usb_endpoint_descriptor
		endpoint; /* the last, because only its first 7 bytes count */
} __attribute__((packed)) all = {
	.config = {
		.bLength = USB_DT_CONFIG_SIZE,
		.bDescriptorType = USB_DT_CONFIG,
		.bNumInterfaces = 2,
		.bConfigurationValue = 1,
		.bmAttributes = USB_CONFIG_ATT_ONE,
		.bMaxPower = 50,
	},
	.function = {
		.bLength = sizeof(all.function),
		.bDescriptorType = USB_DT_INTERFACE_ASSOCIATION,
		.bFirstInterface = CONTROL_INTERFACE,
		.bInterfaceCount = 2,
		.bFunctionClass = USB_CLASS_VIDEO,
		.bFunctionSubClass = UVC_SC_VIDEO_INTERFACE_COLLECTION,
	},
	.control = {
		.bLength = USB_DT_INTERFACE_SIZE,
		.bDescriptorType = USB_DT_INTERFACE,
		.bInterfaceNumber = CONTROL_INTERFACE,
		.bInterfaceClass = USB_CLASS_VIDEO,
		.bInterfaceSubClass = UVC_SC_VIDEOCONTROL,
	},
	.control_header = {
		HEAD(all.control_header),
		.bDescriptorSubType = UVC_VC_HEADER,
		.bInCollection = 1,
		.baInterfaceNr = { STREAMING_INTERFACE },
	},
	.camera = {
		HEAD(all.camera),
		.bDescriptorSubType = UVC_VC_INPUT_TERMINAL,
		.bTerminalID = CAMERA_TERMINAL,
		.bControlSize = sizeof(all.camera.bmControls),
		.bmControls = { 1 << 1 | 1 << 3 }, /* mode of exposure, time of exposure */
	},
	.processing = {
		HEAD(all.processing),
		.bDescriptorSubType = UVC_VC_PROCESSING_UNIT,
		.bUnitID = PROCESSING_UNIT,
		.bSourceID = CAMERA_TERMINAL,
		.bControlSize = sizeof(all.processing.bmControls),
		.bmControls = { 1 << 0 | 1 << 1 | 1 << 3, 1 << 1 }, /* brightness, contrast, saturation, gain */
	},
	.output = {
		HEAD(all.output),
		.bDescriptorSubType = UVC_VC_OUTPUT_TERMINAL,
		.bTerminalID = OUTPUT_TERMINAL,
		.bSourceID = PROCESSING_UNIT,
	},
	.streaming = {
		.bLength = USB_DT_INTERFACE_SIZE,
		.bDescriptorType = USB_DT_INTERFACE,
		.bInterfaceNumber = STREAMING_INTERFACE,
		.bNumEndpoints = 1,
		.bInterfaceClass = USB_CLASS_VIDEO,
		.bInterfaceSubClass = UVC_SC_VIDEOSTREAMING,
	},
	.streaming_header = {
		HEAD(all.streaming_header),
		.bDescriptorSubType = UVC_VS_INPUT_HEADER,
		.bNumFormats = 1,
		.bEndpointAddress = USB_DIR_IN | CAMERA_ENDPOINT,
		.bTerminalLink = OUTPUT_TERMINAL,
		.bControlSize = 1,
	},
	.format = {
		HEAD(all.format),
		.bDescriptorSubType = UVC_VS_FORMAT_UNCOMPRESSED,
		.bFormatIndex = 1,
		.bNumFrameDescriptors = 1,
		.guidFormat = { 'Y', 'U', 'Y', '2', 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71 },
		.bBitsPerPixel = 16,
		.bDefaultFrameIndex = 1,
	},
	.frame = {
		HEAD(all.frame),
		.bDescriptorSubType = UVC_VS_FRAME_UNCOMPRESSED,
		.bFrameIndex = 1,
		.bFrameIntervalType = 1,
	},
	.colors = {
		HEAD(all.colors),
		.bDescriptorSubType = UVC_VS_COLORFORMAT,
		.bColorPrimaries = UVC_COLOR_PRIMARIES_BT_709_SRGB,
		.bTransferCharacteristics = UVC_TRANSFER_CHARACTERISTICS_BT_709,
		.bMatrixCoefficients = UVC_MATRIX_COEFFICIENTS_SMPTE_170M,
	},
	.endpoint = {
		.bLength = USB_DT_ENDPOINT_SIZE,
		.bDescriptorType = USB_DT_ENDPOINT,
		.bEndpointAddress = USB_DIR_IN | CAMERA_ENDPOINT,
		.bmAttributes = USB_ENDPOINT_XFER_BULK,
	},
};

#define ALL_BYTES (offsetof(__typeof__(all), endpoint) + USB_DT_ENDPOINT_SIZE)

/* What has more than one byte is little-endian. */
void camera_init(void)
{
	all.config.wTotalLength = htole16(ALL_BYTES);
	all.control_header.bcdUVC = htole16(0x110);
	all.control_header.wTotalLength = htole16(sizeof(all.control_header) + sizeof(all.camera) +
						  sizeof(all.processing) + sizeof(all.output));
	all.control_header.dwClockFrequency = htole32(CLOCK_HZ);
	all.camera.wTerminalType = htole16(UVC_ITT_CAMERA);
	all.output.wTerminalType = htole16(UVC_TT_STREAMING);
	all.streaming_header.wTotalLength =
		htole16(sizeof(all.streaming_header) + sizeof(all.format) + sizeof(all.frame) +
			sizeof(all.colors));
	all.frame.wWidth = htole16(CAMERA_WIDTH);
	all.frame.wHeight = htole16(CAMERA_HEIGHT);
	all.frame.dwMinBitRate = htole32(BITS_PER_SECOND);
	all.frame.dwMaxBitRate = htole32(BITS_PER_SECOND);
	all.frame.dwMaxVideoFrameBufferSize = htole32(CAMERA_FRAME_BYTES);
	all.frame.dwDefaultFrameInterval = htole32(FRAME_INTERVAL);
	all.frame.dwFrameInterval[0] = htole32(FRAME_INTERVAL);
	all.endpoint.wMaxPacketSize = htole16(512);
}

static int get_string(unsigned index, uint8_t *data)
{
	size_t length;

	if (index == 0) {
		memcpy(data, (uint8_t[]){ 4, USB_DT_STRING, 0x09, 0x04 }, 4); /* English */
		return 4;
	}
	if (index >= sizeof(strings) / sizeof(strings[0]))
		return -EPIPE;
	length = strlen(strings[index]);
	data[0] = (uint8_t) (2 + 2 * length);
	data[1] = USB_DT_STRING;
	for (size_t i = 0; i < length; i++) {
		data[2 + 2 * i] = (uint8_t) strings[index][i];
		data[3 + 2 * i] = 0;
	}
	return data[0];
}

static int get_descriptor(unsigned value, uint8_t *data)
{
	switch (value >> 8) {
	case USB_DT_DEVICE:
		memcpy(data, &device, sizeof(device));
		return sizeof(device);
	case USB_DT_CONFIG:
		memcpy(data, &all, ALL_BYTES);
		return ALL_BYTES;
	case USB_DT_STRING:
		return get_string(value & 0xff, data);
	default:
		return -EPIPE;
	}
}

static int standard_request(const struct usb_ctrlrequest *request, uint8_t *data)
{
	switch (request->bRequest) {
	case USB_REQ_GET_DESCRIPTOR:
		return get_descriptor(le16toh(request->wValue), data);
	case USB_REQ_GET_STATUS:
		memset(data, 0, 2);
		return 2;
	case USB_REQ_GET_CONFIGURATION:
		data[0] = 1;
		return 1;
	case USB_REQ_GET_INTERFACE:
		data[0] = 0;
		return 1;
	case USB_REQ_SET_CONFIGURATION:
	case USB_REQ_SET_INTERFACE:
	case USB_REQ_CLEAR_FEATURE:
	case USB_REQ_SET_FEATURE:
		return 0;
	default:
		return -EPIPE;
	}
}

/* --- Its controls --------------------------------------------------------------------------- */

enum { MODE, EXPOSURE, BRIGHTNESS, CONTRAST, GAIN, SATURATION };

#define MANUAL	 1
#define PRIORITY 8 /* it chooses the time of exposure itself */

static struct control {
	const char *name;
	uint8_t entity, selector, n_bytes;
	int32_t min, max, step, initial, value;
} controls[] = {
	/* Of the modes, the step has a bit for each that there is. */
	[MODE] = { "exposure-mode", CAMERA_TERMINAL, UVC_CT_AE_MODE_CONTROL, 1, MANUAL, PRIORITY,
		   MANUAL | PRIORITY, PRIORITY, PRIORITY },
	[EXPOSURE] = { "exposure", CAMERA_TERMINAL, UVC_CT_EXPOSURE_TIME_ABSOLUTE_CONTROL, 4, 1,
		       5000, 1, 100, 100 }, /* in 100 us */
	[BRIGHTNESS] = { "brightness", PROCESSING_UNIT, UVC_PU_BRIGHTNESS_CONTROL, 2, -64, 64, 1, 0,
			 0 },
	[CONTRAST] = { "contrast", PROCESSING_UNIT, UVC_PU_CONTRAST_CONTROL, 2, 0, 100, 1, 50, 50 },
	[GAIN] = { "gain", PROCESSING_UNIT, UVC_PU_GAIN_CONTROL, 2, 0, 100, 1, 16, 16 },
	[SATURATION] = { "saturation", PROCESSING_UNIT, UVC_PU_SATURATION_CONTROL, 2, 0, 100, 1, 50,
			 50 },
};

static struct control *find_control(unsigned entity, unsigned selector)
{
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
		if (controls[i].entity == entity && controls[i].selector == selector)
			return &controls[i];
	}
	return NULL;
}

static void set_control(struct control *control, const uint8_t *data)
{
	uint32_t bits = 0;

	for (int i = 0; i < control->n_bytes; i++)
		bits |= (uint32_t) data[i] << 8 * i;
	control->value = control->n_bytes == 2 ? (int16_t) bits : (int32_t) bits;
	printf("%s = %d\n", control->name, control->value);
	(void) fflush(stdout);
}

static int get_control(const struct control *control, uint8_t what, uint8_t *data)
{
	const int32_t values[] = {
		[UVC_GET_CUR - UVC_GET_CUR] = control->value,
		[UVC_GET_MIN - UVC_GET_CUR] = control->min,
		[UVC_GET_MAX - UVC_GET_CUR] = control->max,
		[UVC_GET_RES - UVC_GET_CUR] = control->step,
		[UVC_GET_DEF - UVC_GET_CUR] = control->initial,
	};

	switch (what) {
	case UVC_GET_INFO:
		data[0] = UVC_CONTROL_CAP_GET | UVC_CONTROL_CAP_SET;
		return 1;
	case UVC_GET_LEN:
		data[0] = control->n_bytes;
		data[1] = 0;
		return 2;
	case UVC_GET_CUR:
	case UVC_GET_MIN:
	case UVC_GET_MAX:
	case UVC_GET_RES:
	case UVC_GET_DEF:
		for (int i = 0; i < control->n_bytes; i++)
			data[i] = (uint8_t) ((uint32_t) values[what - UVC_GET_CUR] >> 8 * i);
		return control->n_bytes;
	default:
		return -EPIPE;
	}
}

/* There is one format of one size, so that whatever the host asks for, it gets that. */
static int streaming_request(uint8_t what, uint8_t *data, int n_data)
{
	const struct uvc_streaming_control offer = {
		.bmHint = htole16(1),
		.bFormatIndex = 1,
		.bFrameIndex = 1,
		.dwFrameInterval = htole32(FRAME_INTERVAL),
		.dwMaxVideoFrameSize = htole32(CAMERA_FRAME_BYTES),
		.dwMaxPayloadTransferSize = htole32(CAMERA_PAYLOAD),
		.dwClockFrequency = htole32(CLOCK_HZ),
		.bmFramingInfo = 3,
		.bPreferedVersion = 1,
		.bMinVersion = 1,
		.bMaxVersion = 1,
	};

	switch (what) {
	case UVC_SET_CUR:
		return n_data;
	case UVC_GET_INFO:
		data[0] = UVC_CONTROL_CAP_GET | UVC_CONTROL_CAP_SET;
		return 1;
	case UVC_GET_LEN:
		data[0] = sizeof(offer);
		data[1] = 0;
		return 2;
	default:
		memcpy(data, &offer, sizeof(offer));
		return sizeof(offer);
	}
}

static int class_request(const struct usb_ctrlrequest *request, uint8_t *data, int n_data)
{
	unsigned selector = le16toh(request->wValue) >> 8, entity = le16toh(request->wIndex) >> 8;
	struct control *control;

	if ((le16toh(request->wIndex) & 0xff) == STREAMING_INTERFACE) {
		if (selector != UVC_VS_PROBE_CONTROL && selector != UVC_VS_COMMIT_CONTROL)
			return -EPIPE;
		return streaming_request(request->bRequest, data, n_data);
	}
	control = find_control(entity, selector);
	if (!control)
		return -EPIPE;
	if (request->bRequest != UVC_SET_CUR)
		return get_control(control, request->bRequest, data);
	if (n_data < control->n_bytes)
		return -EPIPE;
	set_control(control, data);
	return n_data;
}

int camera_control(const struct usb_ctrlrequest *request, uint8_t *data, int n_data)
{
	int wanted = le16toh(request->wLength), n;

	switch (request->bRequestType & USB_TYPE_MASK) {
	case USB_TYPE_STANDARD:
		n = standard_request(request, data);
		break;
	case USB_TYPE_CLASS:
		n = class_request(request, data, n_data);
		break;
	default:
		return -EPIPE;
	}
	return n > wanted ? wanted : n;
}

/* --- Its pictures --------------------------------------------------------------------------- */

static uint8_t clamp(double value)
{
	return (uint8_t) (value < 0 ? 0 : value > 255 ? 255 : value);
}

/* Squares that move. As bright as brightness says and, when set by hand, exposure and gain. */
void camera_draw(uint8_t *payload)
{
	static unsigned count;
	bool manual = controls[MODE].value == MANUAL;
	double light = manual ? controls[EXPOSURE].value / 100.0 * controls[GAIN].value / 16.0 : 1;
	uint8_t lumas[] = { clamp(50 * light + controls[BRIGHTNESS].value),
			    clamp(180 * light + controls[BRIGHTNESS].value) };
	uint8_t *pixels = payload + CAMERA_HEADER;

	payload[0] = CAMERA_HEADER;
	payload[1] = UVC_STREAM_EOH | UVC_STREAM_EOF | (count & 1 ? UVC_STREAM_FID : 0);
	for (unsigned y = 0; y < CAMERA_HEIGHT; y++) {
		for (unsigned x = 0; x < CAMERA_WIDTH; x += 2, pixels += 4) {
			uint8_t luma = lumas[((x + count * 8) / 32 + y / 32) & 1];

			memcpy(pixels, (uint8_t[]){ luma, 100, luma, 140 }, 4);
		}
	}
	count++;
}
