// A small stand-in for the daemon: serves the built page, a layout and dependencies, and speaks the
// link's protocol as the test wants it. The page in it is the real one, with the real renderer.

import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';

const policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
  + "connect-src 'self' ws:";

export const html = (type, props) => ({ namespace: 'dash_html_components', type, props });
export const dcc = (type, props) => ({ namespace: 'dash_core_components', type, props });

export const callback = (output, ...inputs) => ({
  output,
  inputs: inputs.map((input) => ({ id: input.split('.')[0], property: input.split('.')[1] })),
  state: [],
  clientside_function: null,
  prevent_initial_call: true,
  no_output: false,
});

export class Host {
  requests = []; // callbacks over the websocket
  posts = []; // and over HTTP: {headers, body}
  gets = [];
  hellos = [];
  byes = [];
  answers = []; // to get_props_request
  layoutHash = 'h1';
  welcome = {}; // the shared values
  refuse = false; // every websocket
  layoutFails = false;
  layoutDelayMs = 0;
  workerUrl = null;

  // Starts; closed when the test @t ends. @ui is what build.mjs made.
  static async start(t, ui, layout, dependencies) {
    const host = new Host(ui, layout, dependencies);

    await new Promise((resolve) => host.#server.listen(0, '127.0.0.1', resolve));
    host.url = `http://127.0.0.1:${host.#server.address().port}/`;
    t.after(() => host.#close());
    return host;
  }

  #ui;
  #manifest;
  #server;
  #sockets;

  constructor(ui, layout, dependencies) {
    this.#ui = ui;
    this.#manifest = JSON.parse(readFileSync(join(ui, 'manifest.json'), 'utf8'));
    this.layout = layout;
    this.dependencies = dependencies;
    this.#server = http.createServer((request, response) => this.#answer(request, response));
    this.#sockets = new WebSocketServer({ noServer: true });
    this.#server.on('upgrade', (request, socket, head) => {
      if (this.refuse || request.url !== '/_dash-ws-callback')
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      else
        this.#sockets.handleUpgrade(request, socket, head, (link) => this.#serve(link));
    });
  }

  send(message) {
    for (const link of this.#sockets.clients)
      link.send(JSON.stringify(message));
  }

  drop() {
    for (const link of this.#sockets.clients)
      link.terminate();
  }

  #close() {
    this.drop();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  #serve(link) {
    link.on('message', (data) => {
      const message = JSON.parse(data);

      switch (message.type) {
        case 'heartbeat':
          link.send('{"type":"heartbeat_ack"}');
          break;
        case 'hello':
          this.hellos.push(message);
          link.send(JSON.stringify({
            type: 'welcome', client: this.hellos.length, boot: 'b', layout: this.layoutHash, set: this.welcome,
          }));
          break;
        case 'bye':
          this.byes.push(message);
          break;
        case 'get_props_response':
          this.answers.push(message);
          break;
        case 'callback_request':
          this.requests.push(message.payload);
          link.send(JSON.stringify({ ...message, type: 'callback_response', payload: this.#run(message) }));
      }
    });
  }

  #run({ payload: { outputs, inputs } }) {
    const response = { [outputs.id]: { [outputs.property]: `ran with ${inputs[0].value}` } };
    return { status: 'ok', data: { multi: true, response } };
  }

  async #answer(request, response) {
    const { pathname, search } = new URL(request.url, 'http://host');
    const file = this.#manifest.files[pathname.slice(1)];
    const say = (status, type, body) => {
      response.writeHead(status, {
        'content-type': type, 'content-security-policy': policy,
        'cache-control': file?.immutable ? 'public, max-age=31536000' : 'no-cache',
      });
      response.end(body);
    };

    this.gets.push(pathname);
    if (file)
      return say(200, file.type, readFileSync(join(this.#ui, file.file)));
    switch (pathname) {
      case '/':
        return say(200, 'text/html', this.#page(search));
      case '/_dash-layout':
        await new Promise((resolve) => setTimeout(resolve, this.layoutDelayMs));
        return say(this.layoutFails ? 500 : 200, 'application/json', JSON.stringify(this.layout));
      case '/_dash-dependencies':
        return say(200, 'application/json', JSON.stringify(this.dependencies));
      case '/_dash-update-component':
        this.posts.push({ headers: request.headers });
        return say(204, 'text/plain', '');
      default:
        return say(404, 'text/plain', '');
    }
  }

  #page(search) {
    const stock = search.includes('stock');
    const { layout_scripts, stock_scripts, styles, worker, stock_worker } = this.#manifest;
    const config = {
      requests_pathname_prefix: '/',
      serve_locally: true,
      update_title: '',
      suppress_callback_exceptions: true,
      websocket: {
        enabled: !search.includes('http'),
        url: '/_dash-ws-callback',
        worker_url: this.workerUrl ?? (stock ? stock_worker : worker),
        inactivity_timeout: 0,
      },
    };

    return `<!doctype html><html lang="en" data-layout="${this.layoutHash}"><head><meta charset="utf-8"><link rel="icon" href="/_favicon.ico">
      ${styles.map((url) => `<link rel="stylesheet" href="${url}">`).join('')}</head><body>
      <div id="react-entry-point"></div>
      <script id="_dash-config" type="application/json">${JSON.stringify(config)}</script>
      ${(stock ? stock_scripts : layout_scripts).map((url) => `<script src="${url}"></script>`).join('')}
      </body></html>`;
  }
}
