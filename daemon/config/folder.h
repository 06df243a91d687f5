/*
 * Folders of the state. Thread: any.
 */
#pragma once

/* mkdir -p, with mode 0750 for what it makes. Returns 0, also when it is there, or a negative
 * errno.
 */
int vz_folder_make(const char *dir);
