// The dedicated worker of a tab. Timers of a worker are not slowed down when its tab is hidden, and
// the JSON of a message is read without holding up the page.

import { Connection } from './connection.js';

export function runWorker() {
  const connection = new Connection((message) => self.postMessage(message), self);

  self.onmessage = (event) => connection.receive(event.data);
  // Tells the page that this script was found and runs; a worker that failed says nothing useful.
  self.postMessage({ type: 'ready' });
}
