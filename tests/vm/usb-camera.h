/*
 * A USB camera in software, for the guest of scripts/vm: the kernel's own drivers meet it as they
 * meet one on a cable. usb-camera.c is the cable, usb-camera-device.c what is at its end.
 *
 * It is a UVC 1.1 camera (USB Device Class Definition for Video Devices) of 640x480 YUYV at 30
 * frames/s, with a bulk endpoint, and tells each control that is set, as "NAME = VALUE", on
 * standard output.
 */
#pragma once

#include <stdint.h>

struct usb_ctrlrequest;

#define CAMERA_WIDTH	   640
#define CAMERA_HEIGHT	   480
#define CAMERA_FPS	   30
#define CAMERA_HEADER	   2 /* of a payload: its own length, and flags */
#define CAMERA_FRAME_BYTES (CAMERA_WIDTH * CAMERA_HEIGHT * 2)
#define CAMERA_PAYLOAD	   (CAMERA_HEADER + CAMERA_FRAME_BYTES)
#define CAMERA_ENDPOINT	   1

/* Fills in the descriptors. Call once, first. */
void camera_init(void);

/*
 * Answers a request to endpoint 0. @data has what the host sent, @n_data bytes, and takes what it
 * gets, 65536 bytes at most. Returns how many bytes went either way, or -EPIPE: the device stalls.
 */
int camera_control(const struct usb_ctrlrequest *request, uint8_t *data, int n_data);

/* Draws the next picture as the controls have it: a payload of CAMERA_PAYLOAD bytes. */
void camera_draw(uint8_t *payload);
