// The video websocket of one LiveView: dials for ever, decodes the newest picture, answers each.
//
// At most one picture is being decoded and one waits for it; a newer one takes the waiting one's place.
// Each picture is answered with its sequence number when it has been drawn or dropped: the daemon sends
// no more than two unanswered ones, so a slow link shows the newest picture late, not a growing queue.

import { parsePicture } from './picture.js';

const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 3000;
// A live camera that sends nothing for so long is on a dead line.
const SILENCE_MS = 10000;

export class VideoStream {
  #url;
  #on;
  #decode;
  #socket = null;
  #retryMs = FIRST_RETRY_MS;
  #retryTimer = null;
  #silenceTimer = null;
  #decoding = false;
  #next = null; // waits for the decoder
  #running = false;

  // @on.picture takes ({sequence, width, height, …}, image, done) and calls done() when the picture was
  // drawn or given up; @on.state takes (state, text).
  constructor(url, on, decode = decodeJpeg) {
    this.#url = url;
    this.#on = on;
    this.#decode = decode;
  }

  start() {
    if (this.#running)
      return;
    this.#running = true;
    this.#retryMs = FIRST_RETRY_MS;
    this.#dial();
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#retryTimer);
    this.#hangUp();
  }

  // The network is back, or so the browser says.
  hurry() {
    if (this.#running && !this.#socket) {
      this.#retryMs = FIRST_RETRY_MS;
      this.#dial();
    }
  }

  #dial() {
    clearTimeout(this.#retryTimer);

    let socket;
    try {
      socket = new WebSocket(this.#url);
    } catch {
      // An address that is none, or a rule of the page against it; the user sees "no connection".
      this.#lost();
      return;
    }
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }) => {
      this.#retryMs = FIRST_RETRY_MS;
      if (typeof data === 'string')
        this.#hearState(data);
      else
        this.#takePicture(socket, data);
    };
    socket.onclose = () => this.#lost();
    this.#watch();
  }

  #hearState(data) {
    try {
      const { state, text } = JSON.parse(data);
      if (typeof state === 'string')
        this.#on.state(state, typeof text === 'string' ? text : '');
    } catch {
      // Not for us.
    }
    this.#watch(data);
  }

  #takePicture(socket, data) {
    const picture = parsePicture(data);

    this.#watch();
    if (!picture)
      return;
    picture.answer = () => {
      if (socket.readyState === WebSocket.OPEN)
        socket.send(String(picture.sequence));
    };
    this.#next?.answer();
    this.#next = picture;
    if (!this.#decoding)
      this.#decodeNext();
  }

  async #decodeNext() {
    this.#decoding = true;
    while (this.#next) {
      const picture = this.#next;

      this.#next = null;
      try {
        const image = await this.#decode(picture.jpeg);
        this.#on.picture(picture, image, picture.answer);
      } catch {
        // A damaged picture; the next one will do.
        picture.answer();
      }
    }
    this.#decoding = false;
  }

  // A stopped camera may be silent as long as it likes.
  #watch(state = '') {
    clearTimeout(this.#silenceTimer);
    if (!/"(stopped|lost|ended)"/.test(state))
      this.#silenceTimer = setTimeout(() => this.#lost(), SILENCE_MS);
  }

  #lost() {
    this.#hangUp();
    if (!this.#running)
      return;
    this.#on.state('offline', '');
    this.#retryTimer = setTimeout(() => this.#dial(), this.#retryMs * (0.8 + 0.4 * Math.random()));
    this.#retryMs = Math.min(this.#retryMs * 1.5, LAST_RETRY_MS);
  }

  #hangUp() {
    const socket = this.#socket;

    clearTimeout(this.#silenceTimer);
    this.#socket = null;
    this.#next = null;
    if (socket) {
      socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }
}

// Decodes beside the main thread where the browser can.
export async function decodeJpeg(jpeg) {
  const blob = new Blob([jpeg], { type: 'image/jpeg' });

  if (window.createImageBitmap)
    return createImageBitmap(blob);

  const image = new Image();
  image.src = URL.createObjectURL(blob);
  try {
    await image.decode();
  } finally {
    URL.revokeObjectURL(image.src);
  }
  return image;
}

// The websocket address of @src, relative to the page at @page.
export function videoUrl(src, page) {
  const url = new URL(src, page);

  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  url.searchParams.set('ack', '1');
  return url.href;
}
