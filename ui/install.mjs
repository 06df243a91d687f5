// Installs the built folder: node install.mjs FROM TO, run by `meson install`.

import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const [from, to] = process.argv.slice(2);
const place = join(process.env.DESTDIR ?? '/', to);

rmSync(place, { recursive: true, force: true });
mkdirSync(place, { recursive: true });
cpSync(from, place, { recursive: true });
