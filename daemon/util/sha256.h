/*
 * SHA-256 (FIPS 180-4) of a short text, for what is kept in place of a secret. Pure. Thread: any.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define VZ_SHA256_BYTES 32

void vz_sha256(const void *data, size_t size, uint8_t ret[VZ_SHA256_BYTES]);
