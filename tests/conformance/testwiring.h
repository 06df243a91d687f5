/* The topics of testwiring.c. */
#pragma once

#include "testapp.h"

extern const struct testapp_topic testwiring_patterns;
extern const struct testapp_topic testwiring_browser;
