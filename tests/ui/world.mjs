// A world whose clock is moved by hand, with websockets whose other end is the test.

export class World {
  now = 1000000;
  sockets = [];
  #timers = [];
  #serial = 0;

  Date = { now: () => this.now };
  Math = { random: () => 0.5 };
  console = { warn: () => {} };

  constructor() {
    const world = this;

    this.WebSocket = class {
      readyState = 0;
      sent = [];
      closed = null;

      constructor(url) {
        if (world.refuseSockets)
          throw new Error('refused');
        this.url = url;
        world.sockets.push(this);
      }

      send(text) {
        this.sent.push(JSON.parse(text));
      }

      close(code, reason) {
        this.readyState = 3;
        this.closed = { code, reason };
      }

      // The other end:
      accept() {
        this.readyState = 1;
        this.onopen();
      }

      say(...messages) {
        for (const message of messages)
          this.onmessage({ data: typeof message === 'string' ? message : JSON.stringify(message) });
      }

      hangUp(code = 1006) {
        this.readyState = 3;
        this.onclose({ code, reason: '' });
      }
    };
  }

  setTimeout = (run, ms) => {
    this.#timers.push({ id: ++this.#serial, at: this.now + ms, run });
    return this.#serial;
  };

  clearTimeout = (id) => {
    this.#timers = this.#timers.filter((timer) => timer.id !== id);
  };

  // Lets @ms pass; timers run in order, each at its own time.
  pass(ms) {
    const end = this.now + ms;

    for (;;) {
      const [next] = this.#timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at || a.id - b.id);
      if (!next)
        break;
      this.clearTimeout(next.id);
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }

  get socket() {
    return this.sockets.at(-1);
  }
}
