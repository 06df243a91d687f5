/*
 * Who uses a state folder: one program at a time, for as long as it runs, however it ends.
 */
#pragma once

#include <sys/types.h>

/*
 * Makes the folder (mode 0750) where it does not exist, and takes it. Returns a descriptor, by
 * whose close() it is given back; -EBUSY when another program has it, with its process id in
 * *@ret_holder (0: not known), or another negative errno: it cannot be used.
 */
int vz_folder_lock(const char *dir, pid_t *ret_holder);
