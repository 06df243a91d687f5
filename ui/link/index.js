// The link's script, the same for both sides: loaded before dash-renderer it puts the adapter in place,
// and the adapter starts its worker from the same address. So the worker's script is already there when
// the page asks for it, and the page can do without a worker.

import { installAdapter } from './adapter.js';
import { runWorker } from './worker.js';

if (typeof window === 'undefined')
  runWorker();
else
  installAdapter();
