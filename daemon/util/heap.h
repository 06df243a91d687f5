/*
 * How much freed memory malloc() keeps instead of giving it back to the kernel.
 */
#pragma once

/*
 * A message of 1 MB needs some 5 MB for a moment: its text, its values, the answer's text as it
 * grows. By default glibc takes each from the kernel and gives it back, and more time goes into
 * empty pages than into the message. After this it keeps up to 8 MB.
 *
 * Thread: main, before there are others. Does nothing with another C library.
 */
void vz_heap_init(void);
