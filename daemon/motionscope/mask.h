/*
 * The mask: which pixels differ from the background. Each is compared with a limit of its own, a
 * multiple of the noise measured there, and the result is a strength, which saturates and cannot
 * wrap: VZ_MASK_LIMIT stands for a difference as large as the limit. What is stronger than half of
 * that belongs to an object, what is stronger than all of it makes one (hysteresis: J. Canny, A
 * computational approach to edge detection, 1986).
 *
 * Thread: any; pure functions.
 */
#pragma once

#include "motionscope/plane.h"

#define VZ_MASK_LIMIT	64u  /* the strength of a difference that is just the limit */
#define VZ_MASK_SUPPORT 32u  /* what joins an object */
#define VZ_MASK_FULL	128u /* beyond this a pixel counts as wholly covered */

/*
 * Factors, one for each pixel: strength = difference * factor / 256. @deviation is
 * vz_background_find_deviation(), @noise_levels is vz_background_find_noise(), @threshold_percent
 * is 1..100 (25 is usual): the limit is 3..15 standard deviations, and at least 0.4 levels per
 * percent, since compression leaves differences that are no noise. @ret has
 * width * height values, without padding.
 */
void vz_mask_find_factors(const struct vz_plane *deviation, double noise_levels,
			  double threshold_percent, uint16_t *ret);

/*
 * Writes the strength of @frame against @background into @ret; all have one size. The rows of
 * @factors are @stride apart; 0: it has one row for all.
 */
void vz_mask_find_strength(const struct vz_plane *frame, const struct vz_plane *background,
			   const uint16_t *factors, uint32_t stride, struct vz_plane *ret);
/*
 * Raises @strength, of the size of the luma plane, where a chroma plane tells more: @frame has half
 * its width and height, rounded up.
 */
void vz_mask_add_chroma(const struct vz_plane *frame, const struct vz_plane *background,
			const uint16_t *factors, uint32_t stride, struct vz_plane *strength);

/*
 * 255 where @strength is VZ_MASK_SUPPORT or more, closed by a square of 3 x 3 (dilation, then
 * erosion: J. Serra, Image analysis and mathematical morphology, 1982): gaps of one or two pixels
 * and holes close, and nothing goes, not even a single
 * pixel. On the border of the picture nothing closes. @scratch has the same size.
 */
void vz_mask_find(const struct vz_plane *strength, struct vz_plane *scratch, struct vz_plane *ret);

/* The largest (or smallest) of the 3 x 3 pixels around each that are in the picture; @from and @ret
 * differ. */
void vz_mask_dilate(const struct vz_plane *from, struct vz_plane *ret);
void vz_mask_erode(const struct vz_plane *from, struct vz_plane *ret);
