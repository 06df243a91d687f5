#include "camera/simulated.h"

#include "camera/scene.h"

static struct vz_simulated_body describe(const struct vz_scene_state *state,
					 enum vz_scene_body which, double scale, uint32_t width_px,
					 uint32_t height_px)
{
	struct vz_simulated_body body = {
		.x_px = state->bodies[which].x * scale - 0.5,
		.y_px = height_px - state->bodies[which].y * scale - 0.5,
		.vx_px_per_s = state->bodies[which].vx * scale,
		.vy_px_per_s = -state->bodies[which].vy * scale,
		.half_width_px = state->bodies[which].half_width * scale,
		.half_height_px = state->bodies[which].half_height * scale,
		.mass_kg = state->bodies[which].mass,
	};

	body.is_visible = body.x_px - body.half_width_px >= 0 &&
			  body.x_px + body.half_width_px <= width_px - 1 &&
			  body.y_px - body.half_height_px >= 0 &&
			  body.y_px + body.half_height_px <= height_px - 1;
	return body;
}

void vz_simulated_get_truth(int64_t scene_time_ns, uint32_t width_px, uint32_t height_px,
			    struct vz_simulated_truth *ret)
{
	double scale = height_px / VZ_SCENE_HEIGHT_M;
	struct vz_scene_state state;

	vz_scene_get_state((double) scene_time_ns / 1e9, width_px / scale, &state);
	*ret = (struct vz_simulated_truth){
		.ball = describe(&state, VZ_SCENE_BALL, scale, width_px, height_px),
		.bob = describe(&state, VZ_SCENE_BOB, scale, width_px, height_px),
		.cart_left = describe(&state, VZ_SCENE_CART_LEFT, scale, width_px, height_px),
		.cart_right = describe(&state, VZ_SCENE_CART_RIGHT, scale, width_px, height_px),
		.px_per_m = scale,
		.g_px_per_s2 = VZ_SCENE_G * scale,
		.floor_y_px = height_px - VZ_SCENE_FLOOR_M * scale - 0.5,
		.restitution = VZ_SCENE_RESTITUTION,
		.pivot_x_px = state.pivot_x * scale - 0.5,
		.pivot_y_px = height_px - state.pivot_y * scale - 0.5,
		.pendulum_px = VZ_SCENE_PENDULUM_M * scale,
		.angle = state.angle,
		.angular_velocity = state.angular_velocity,
	};
}
