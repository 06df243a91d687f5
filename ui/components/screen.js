// What happens inside a LiveView's element once React has made it: the stream runs while somebody can
// see it, pictures are drawn, the label and the message follow the state.

import { drawOverlay, pixelAt } from './overlay.js';
import { VideoStream, videoUrl } from './stream.js';

const REPORT_MS = 1000;
// A line that is down for a blink shows nothing.
const OFFLINE_MS = 1500;

const messages = {
  none: 'No camera is chosen',
  connecting: 'Connecting…',
  live: '',
  stopped: 'The camera is stopped',
  lost: 'The camera is lost, trying again…',
  ended: 'The video has ended',
  offline: 'No connection, trying again…',
};

export class Screen {
  #root;
  #fit;
  #shapeKey;
  #setProps;
  #stream;
  #canvas;
  #context;
  #overlayCanvas;
  #label;
  #message;

  #picture = null; // {width, height}
  #shapes = [];
  #next = null; // decoded, to be drawn: {picture, image, done}
  #frame = 0; // handle of requestAnimationFrame
  #state = 'connecting';
  #offlineTimer = null;
  #onScreen = true;
  #drawn = 0;
  #drawnSince = performance.now();
  #sequence = null;
  #told = {};
  #reportTimer = null;
  #undo = [];
  #endPointing = null;
  #closed = false;

  // @src is the address of the video websocket, or null when there is nothing to show.
  constructor(root, { src, fit, setProps }) {
    this.#root = root;
    this.#fit = fit;
    this.#shapeKey = `vizyd-live-aspect ${src}`;
    this.#setProps = setProps;
    [this.#canvas, this.#overlayCanvas, this.#label, this.#message] = root.children;
    this.#context = this.#canvas.getContext('2d', { alpha: false });
    this.#canvas.style.objectFit = fit;
    // Another camera's picture must not stand for this one's.
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    const aspect = this.#recallShape();
    if (aspect)
      this.#shape(aspect);
    this.#stream = src === null ? null : new VideoStream(videoUrl(src, document.baseURI), {
      picture: (picture, image, done) => this.#take(picture, image, done),
      state: (state, text) => this.#hear(state, text),
    });
    this.#watchVisibility();
    this.#reportTimer = setInterval(() => this.#report(), REPORT_MS);
    this.#show(src === null ? 'none' : 'connecting', '');
    this.#runIfSeen();
  }

  close() {
    this.#closed = true;
    this.#stream?.stop();
    this.setPointing(false);
    this.#undo.forEach((undo) => undo());
    clearInterval(this.#reportTimer);
    clearTimeout(this.#offlineTimer);
    cancelAnimationFrame(this.#frame);
    this.#next?.image.close?.();
  }

  setOverlay(shapes) {
    this.#shapes = shapes ?? [];
    this.#drawShapes();
  }

  setPointing(wanted) {
    this.#endPointing?.();
    this.#endPointing = wanted ? this.#point() : null;
    this.#root.style.touchAction = wanted ? 'none' : '';
  }

  #listen(target, type, handler) {
    target.addEventListener(type, handler);
    return () => target.removeEventListener(type, handler);
  }

  #watchVisibility() {
    const run = () => this.#runIfSeen();
    const seen = new IntersectionObserver(([entry]) => {
      this.#onScreen = entry.isIntersecting;
      run();
    });
    const size = new ResizeObserver(() => this.#drawShapes());

    seen.observe(this.#root);
    size.observe(this.#root);
    this.#undo = [
      () => seen.disconnect(),
      () => size.disconnect(),
      this.#listen(document, 'visibilitychange', run),
      this.#listen(window, 'pageshow', run),
      this.#listen(window, 'pagehide', () => this.#stream?.stop()),
      this.#listen(window, 'online', () => this.#stream?.hurry()),
    ];
  }

  // Nobody's battery and nobody's radio for a picture that nobody sees.
  #runIfSeen() {
    if (this.#onScreen && document.visibilityState !== 'hidden')
      this.#stream?.start();
    else
      this.#stream?.stop();
  }

  #hear(state, text) {
    if (state === 'offline' && this.#state === 'live') {
      this.#offlineTimer = this.#offlineTimer
        ?? setTimeout(() => this.#show(state, text), OFFLINE_MS);
      return;
    }
    this.#show(state, text);
  }

  #show(state, text) {
    clearTimeout(this.#offlineTimer);
    this.#offlineTimer = null;
    this.#state = state;
    this.#root.setAttribute('data-state', state);
    this.#message.textContent = state === 'live' ? '' : text || messages[state] || state;
    if (state !== 'live')
      this.#label.textContent = '';
  }

  #take(picture, image, done) {
    // It was being decoded when the canvas went to another camera.
    if (this.#closed) {
      image.close?.();
      return;
    }
    if (this.#next) {
      this.#next.image.close?.();
      this.#next.done();
    }
    this.#next = { picture, image, done };
    if (!this.#frame)
      this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    const { picture, image, done } = this.#next;

    this.#frame = 0;
    this.#next = null;
    this.#resize(image.width, image.height);
    this.#context.drawImage(image, 0, 0);
    image.close?.();
    this.#sequence = picture.sequence;
    this.#drawn++;
    // Whatever was said before: here is a picture.
    if (this.#offlineTimer || this.#state === 'connecting' || this.#state === 'offline')
      this.#show('live', '');
    done();
  }

  #resize(width, height) {
    if (this.#picture?.width === width && this.#picture?.height === height)
      return;
    this.#picture = { width, height };
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#shape(`${width} / ${height}`);
    this.#drawShapes();
  }

  // The page keeps its places from the first moment on if it knows the picture's shape beforehand.
  #recallShape() {
    try {
      return window.sessionStorage.getItem(this.#shapeKey);
    } catch {
      return null;
    }
  }

  #shape(aspect) {
    this.#root.style.setProperty('--vz-live-aspect', aspect);
    try {
      window.sessionStorage.setItem(this.#shapeKey, aspect);
    } catch {
      // The next page begins with the usual shape.
    }
  }

  #drawShapes() {
    const box = this.#root.getBoundingClientRect();

    if (!box.width)
      return;
    drawOverlay(this.#overlayCanvas, this.#shapes, {
      picture: this.#picture, box, fit: this.#fit, pixelRatio: window.devicePixelRatio || 1,
    });
  }

  #report() {
    const now = performance.now();
    const fps = Math.round(this.#drawn * 1000 / (now - this.#drawnSince));
    const values = { state: this.#state, fps, frame: this.#sequence, picture: this.#picture };

    this.#drawn = 0;
    this.#drawnSince = now;
    if (this.#state === 'live')
      this.#label.textContent = `${fps} fps`;

    const changed = Object.entries(values).filter(([name, value]) => value !== null
      && this.#told[name] !== value);
    if (!changed.length || document.visibilityState === 'hidden')
      return;
    Object.assign(this.#told, Object.fromEntries(changed));
    this.#setProps(Object.fromEntries(changed));
  }

  // Tells where the picture is pressed; returns the function that ends it.
  #point() {
    const names = { pointerdown: 'down', pointermove: 'move', pointerup: 'up', pointercancel: 'cancel' };
    let waiting = null;
    let frame = 0;
    const flush = () => {
      frame = 0;
      this.#setProps({ pointer: waiting });
    };
    const handle = (event) => {
      if (!this.#picture)
        return;
      waiting = {
        type: names[event.type], ...this.#pixelAt(event), buttons: event.buttons, time: Date.now(),
      };
      if (event.type === 'pointermove') {
        frame = frame || requestAnimationFrame(flush);
        return;
      }
      if (event.type === 'pointerdown')
        this.#root.setPointerCapture(event.pointerId);
      cancelAnimationFrame(frame);
      flush();
    };
    const ends = Object.keys(names).map((type) => this.#listen(this.#root, type, handle));

    return () => {
      cancelAnimationFrame(frame);
      ends.forEach((end) => end());
    };
  }

  #pixelAt({ clientX, clientY }) {
    const box = this.#root.getBoundingClientRect();
    return pixelAt(clientX - box.left, clientY - box.top, this.#picture, box, this.#fit);
  }
}
