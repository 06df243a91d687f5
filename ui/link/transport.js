// Where the connection lives: in a worker of its own, else in the page.

import { Connection } from './connection.js';

const READY_MS = 5000;

// Begins to deliver messages through @deliver and returns the function that takes messages for the
// connection. Nothing is lost while the worker is being loaded, or when it turns out not to run.
export function openTransport(workerUrl, deliver) {
  let waiting = [];
  let post = (message) => waiting.push(message);

  const settle = (chosen) => {
    const messages = waiting;

    if (!waiting)
      return;
    waiting = null;
    post = chosen;
    messages.forEach((message) => post(message));
  };
  const stayInPage = (why) => {
    if (!waiting)
      return;
    console.warn(`vizyd: no worker (${why}): the connection lives in the page`);
    // The renderer is not prepared for an answer that comes before its own call has returned.
    const connection = new Connection((message) => queueMicrotask(() => deliver(message)), window);
    settle((message) => connection.receive(message));
  };

  try {
    startWorker(workerUrl, deliver, settle, stayInPage);
  } catch (error) {
    stayInPage(error);
  }
  return (message) => post(message);
}

function startWorker(url, deliver, settle, giveUp) {
  const worker = new Worker(url);
  const fail = (why) => {
    worker.onmessage = worker.onerror = null;
    worker.terminate();
    giveUp(why);
  };
  const timer = setTimeout(() => fail('not loaded in time'), READY_MS);

  worker.onerror = () => {
    clearTimeout(timer);
    fail('not loaded');
  };
  worker.onmessage = () => {
    clearTimeout(timer);
    // From here on an error is a fault in a running program, not a reason to start another one.
    worker.onerror = null;
    worker.onmessage = (event) => deliver(event.data);
    settle((message) => worker.postMessage(message));
  };
}
